/** What is asked of the package everywhere. */

/** The server holds back its answers to a list from here on, so that an abort finds the request under way. */
export const HELD = 4_000_000;

/**
 * Creates and lists, makes two errors and aborts twice. Gives "ok" for each, or what went wrong.
 *
 * Its text is put into the program of every cell, so it stands by itself.
 */
export async function calls({ NotFoundError, ScheduledClient, ValidationError }, options, held) {
  let onRequest = () => {};
  const client = new ScheduledClient({ ...options, onEvent: ({ type }) => type === "request" && onRequest() });
  const triggerAt = { in: "1h" };
  const settled = (promise) => promise.then((value) => ({ value }), (reason) => ({ reason }));
  const check = async (act) => {
    try {
      const problem = await act();
      return problem ?? "ok";
    } catch (error) {
      return String(error?.stack ?? error);
    }
  };
  let run;
  return {
    create: await check(async () => {
      run = await client.create("simple", { triggerAt, input: { text: "grüße 🌍" } });
      const { input } = await client.get(run);
      if (input.text !== "grüße 🌍") return `the input came back as ${JSON.stringify(input)}`;
    }),
    list: await check(async () => {
      const { rows } = await client.list({ workflowName: "simple", limit: 1000 });
      if (!rows.some(({ metadata }) => metadata.id === run.metadata.id)) return "the run is not listed";
    }),
    error: await check(async () => {
      const refused = await settled(client.create("simple", { triggerAt: "2031-01-01T09:00" }));
      if (!(refused.reason instanceof ValidationError)) return `a time without an offset: ${JSON.stringify(refused)}`;
      await client.delete(run);
      const gone = await settled(client.get(run));
      if (!(gone.reason instanceof NotFoundError) || gone.reason.status !== 404) return `a run that is gone: ${JSON.stringify(gone)}`;
    }),
    abort: await check(async () => {
      const before = AbortSignal.abort(new Error("before it began"));
      const early = await settled(client.list({}, { signal: before }));
      if (early.reason !== before.reason) return `aborted before it began: ${JSON.stringify(early)}`;
      const controller = new AbortController();
      const reason = new Error("under way");
      onRequest = () => setTimeout(() => controller.abort(reason), 50);
      const late = await settled(client.list({ offset: held }, { signal: controller.signal }));
      if (late.reason !== reason) return `aborted under way: ${JSON.stringify(late)}`;
    }),
  };
}

/** What `calls` gives where the package works. */
export const WORKS = { create: "ok", list: "ok", error: "ok", abort: "ok" };

const NAMES = "{ NotFoundError, ScheduledClient, ValidationError }";

/** The lines of a program that bring the package in, and `calls`. */
export const imported = (from = "hatchet-scheduled") => `import ${NAMES} from ${JSON.stringify(from)};\n${calls}\n`;
export const required = `const ${NAMES} = require("hatchet-scheduled");\n${calls}\n`;

/** An expression of that program: a promise of what the calls give. */
export const called = (token) => `calls(${NAMES}, ${JSON.stringify({ token })}, ${HELD})`;

/** A statement that writes what the calls give to stdout. */
export const printed = (token) => `${called(token)}.then((result) => console.log(JSON.stringify(result)));\n`;

/** A statement that sends what the calls give, from a page or a worker, to where the tests wait for it. */
export const sent = (token, inbox) => `${called(token)}
  .catch((error) => ({ failed: String(error) }))
  .then((result) => fetch(${JSON.stringify(inbox)}, { method: "POST", body: JSON.stringify(result) }));\n`;
