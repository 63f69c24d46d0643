/**
 * What may befall a request on its way. Each gives what the client is given; `deliver()` lets the server do it and gives the
 * server's answer, `wait(ms)` goes by the clock, `amount` is drawn from 0 to 4.
 */
const WAITS = [5, 300, 4_000, 20_000, 50_000];
const PAGE = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
const html = { "content-type": "text/html; charset=utf-8" };
const NO_ANSWERS = ['{"hello":"world"}', "[]", "null", '{"rows":"none","deletedIds":5,"updatedIds":null}', '{"rows":[{"metadata":{"id":"x"}}]}'];

export const answer = (status, headers = {}, text = "") => ({ status, headers: new Map(Object.entries(headers)), text: async () => text });
const reset = () => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
};
const after = (make) => async (way) => {
  const given = await way.deliver();
  return make(way, given);
};

export const FAULTS = {
  "held back": async ({ wait, amount, deliver }) => {
    await wait(WAITS[amount]);
    return deliver();
  },
  "slow headers": after(async ({ wait, amount }, given) => {
    await wait(WAITS[amount]);
    return given;
  }),
  // Waited for also where nobody reads it any more: what waits for a clock that was stopped is never let go of.
  "slow body": after(({ wait, amount, aside }, given) => ({ ...given, text: () => aside(wait(WAITS[amount]).then(given.text)) })),
  "cut body": after((_, given) => ({ ...given, text: async () => reset() })),
  "half a body": after(async (_, given) => {
    const text = await given.text();
    return { ...given, text: async () => text.slice(0, text.length / 2) };
  }),
  "reset before": async () => reset(),
  "reset after": after(() => reset()),
  "rejected oddly": async ({ amount }) => {
    throw [undefined, null, "lost", 5, { message: "lost" }][amount];
  },
  429: async () => answer(429, {}, '{"errors":[{"description":"slow down"}]}'),
  "429 with Retry-After": async ({ amount }) => answer(429, { "retry-after": ["0", "1", "7.5", "30", "600"][amount] }),
  "429 with a date": async ({ now, amount }) => answer(429, { "retry-after": new Date(now() + WAITS[amount]).toUTCString(), date: new Date(now()).toUTCString() }),
  "500 before": async () => answer(500, {}, '{"message":"broken"}'),
  "500 after": after(() => answer(500, {}, '{"errors":[{"description":"broken"}]}')),
  "502 before": async () => answer(502, html, PAGE),
  "502 after": after(() => answer(502, html, PAGE)),
  "503 with Retry-After": async ({ amount }) => answer(503, { "retry-after": ["0", "1", "7.5", "30", "600"][amount] }),
  "504 after": after(() => answer(504)),
  "408 after": after(() => answer(408)),
  403: async () => answer(403, { "content-type": "application/json" }, '{"errors":[{"description":"no"}]}'),
  "another's JSON": async ({ amount }) => answer(200, { "content-type": "application/json" }, NO_ANSWERS[amount]),
  "another's JSON after": after(({ amount }, { status }) => answer(status, { "content-type": "application/json" }, NO_ANSWERS[amount])),
  "login page": async () => answer(200, html, PAGE),
  "another type": after((_, given) => ({ ...given, headers: new Map([...given.headers, ["content-type", "text/html"]]) })),
  "no body": after(({ amount }, { status }) => answer(amount < 3 ? 204 : status)),
  redirect: async ({ amount }) => answer([301, 302, 307, 308, 303][amount], { location: "https://elsewhere.invalid/login" }),
  // What a browser shows of one.
  "opaque redirect": async () => answer(0),
  twice: after(({ deliver }) => deliver()),
  "twice, the first is answered": after(async ({ deliver }, given) => {
    await deliver();
    return given;
  }),
  "again later": after(({ wait, amount, deliver, aside }, given) => {
    aside(wait(WAITS[amount]).then(deliver));
    return given;
  }),
};
