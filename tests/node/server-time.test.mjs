import assert from "node:assert/strict";
import { after, test } from "node:test";

import { fakeFetch, ID, json, runOf, TOKEN } from "../support/fake.mjs";
import { ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const NOW = Date.parse("2031-03-30T00:30:00Z");
const server = await startServer(["--clock", new Date(NOW).toISOString()]);
after(() => server.stop());

test("the server's time is told by what it answered, whatever the clock here shows, and asked for once", async () => {
  const client = new ScheduledClient({ token: server.token });
  await server.forgetRequests();
  const begun = performance.now();
  for (let look = 0; look < 2; look++) {
    const { epochMilliseconds, uncertaintyMs } = await client.serverTime();
    // The server's clock stands, and what is known of it goes on with what has passed.
    const off = epochMilliseconds - NOW;
    assert.ok(off >= -uncertaintyMs && off <= uncertaintyMs + performance.now() - begun, `${off} ± ${uncertaintyMs}`);
  }
  assert.equal((await server.requests()).filter(({ path }) => path.endsWith("/scheduled")).length, 1);
});

test("how much the time may be off is told by where it lies in what is known, also after a slow answer", async () => {
  // The clock here is seconds behind, and just not too far to be right.
  const ahead = 2_500;
  const slow = async () => {
    const date = new Date(Date.now() + ahead).toUTCString();
    await new Promise((resolve) => setTimeout(resolve, ahead + 100));
    return json({ rows: [], pagination: { current_page: 1, next_page: 2, num_pages: 0 } }, 200, { date });
  };
  const { epochMilliseconds, uncertaintyMs } = await new ScheduledClient({ token: TOKEN, fetch: fakeFetch(slow) }).serverTime();
  const off = Math.abs(epochMilliseconds - Date.now() - ahead);
  assert.ok(off <= uncertaintyMs + 50, `${off} of ${uncertaintyMs} ms`);
});

test("a server whose answers carry no date has a time once it has created a run", async () => {
  const answer = ({ method }) => {
    if (method === "GET") return json({ rows: [], pagination: { current_page: 1, next_page: 2, num_pages: 0 } });
    const createdAt = new Date(Date.now() + 300_000).toISOString();
    return json(runOf({ metadata: { id: ID, createdAt, updatedAt: createdAt } }));
  };
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(answer) });
  assert.equal(await client.serverTime(), undefined);
  await client.create("simple", { triggerAt: "2031-01-01T00:00:00Z" });
  const { epochMilliseconds, uncertaintyMs } = await client.serverTime();
  assert.ok(Math.abs(epochMilliseconds - Date.now() - 300_000) <= uncertaintyMs + 1_000);
});
