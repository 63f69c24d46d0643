/** What went wrong, in words that help. */

export interface Trouble {
  title: string;
  detail: string;
  /** The way out, where there is one. */
  hint: string | undefined;
  /** Whether trying again by itself may help. */
  passing: boolean;
}

interface Where {
  origin: string;
  serverUrl: string | undefined;
  online: boolean;
}

/** The client's errors are told apart by `code`, which is stable; everything else is shown as it is. */
export function explainTrouble(error: unknown, where: Where): Trouble {
  const { code, status, message, timeoutMs } = readError(error);
  const server = where.serverUrl ?? "the server";
  switch (code) {
    case "permission-denied":
      return {
        title: "The server does not accept this token",
        detail: message,
        hint: "Disconnect and paste a new token.",
        passing: false,
      };
    case "not-found":
      return { title: "Not found on the server", detail: message, hint: undefined, passing: false };
    case "rate-limited":
      return { title: "The server asks to slow down (429)", detail: message, hint: "The page waits longer between looks.", passing: true };
    case "server-error":
      return { title: `The server failed${status ? ` (${status})` : ""}`, detail: message, hint: undefined, passing: true };
    case "timeout":
      return {
        title: "The server did not answer in time",
        detail: timeoutMs ? `No answer within ${timeoutMs / 1000} s. ${message}` : message,
        hint: undefined,
        passing: true,
      };
    case "connection":
      return where.online
        ? {
            title: `Cannot reach ${server}`,
            detail: message,
            hint: `If the server is up, it may not allow this page: its SERVER_ALLOWED_ORIGINS has to include ${where.origin}. A browser does not tell the two apart. \`npx hatchet-scheduled dashboard\`, and a handler of hatchet-scheduled/server, need no such setting.`,
            passing: true,
          }
        : { title: "This device is offline", detail: "The list is as it was when the network went away.", hint: undefined, passing: true };
    case "decode":
      return {
        title: "The answer is not what a Hatchet server sends",
        detail: message,
        hint: `Is ${server} a Hatchet server, or something in front of it?`,
        passing: true,
      };
    case "bad-request":
      return { title: "The server refused this", detail: message, hint: undefined, passing: false };
    case "validation":
      return { title: "This cannot be sent", detail: message, hint: undefined, passing: false };
    default:
      return { title: "Something went wrong", detail: message, hint: undefined, passing: true };
  }
}

function readError(error: unknown): { code: string | undefined; status: number | undefined; message: string; timeoutMs: number | undefined } {
  const fields = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  return {
    code: typeof fields.code === "string" ? fields.code : undefined,
    status: typeof fields.status === "number" ? fields.status : undefined,
    message: error instanceof Error ? error.message : String(error),
    timeoutMs: typeof fields.timeoutMs === "number" ? fields.timeoutMs : undefined,
  };
}

export function errorMessage(error: unknown): string {
  return readError(error).message;
}

export function errorCode(error: unknown): string | undefined {
  return readError(error).code;
}
