import { ScheduledClient } from "hatchet-scheduled";
import { type Access, createHandler, memoryStore, signAccess, signedAccess, type SingleUseStore, toNodeHandler } from "hatchet-scheduled/server";

const access: Access = { allow: ["list", "create"], workflows: ["send-email"], metadata: { team: "a" }, hideInput: true, maxItems: 10 };
const handler: (request: Request) => Promise<Response> = createHandler({
  access: async (request) => (request.headers.get("cookie") ? access : null),
  client: { token: "t" },
  cors: { origins: ["https://app.example"] },
  limits: { requests: 4 },
  caller: (_, { allow }) => String(allow),
  onEvent: ({ type, operation, status, error }) => [type satisfies "refused" | "failed", operation, status.toFixed(), error],
});
createHandler({ access: () => null, client: new ScheduledClient({ serverUrl: "/api/scheduled", token: null }) });
toNodeHandler(handler);
const signed: Promise<string> = signAccess({ allow: "read" }, { secret: "s", expiresIn: "15m", singleUse: true });
const store: SingleUseStore = memoryStore();
createHandler({ access: signedAccess({ secret: "s", store }) });
const may: Promise<{ allow: string[]; hideInput: boolean }> = new ScheduledClient({ serverUrl: "/api/scheduled" }).access();

// @ts-expect-error nothing is allowed unsaid
createHandler({});
// @ts-expect-error no such operation
createHandler({ access: () => ({ allow: ["listen"] }) });
// @ts-expect-error it has to expire
signAccess({ allow: "read" }, { secret: "s" });

export { may, signed };
