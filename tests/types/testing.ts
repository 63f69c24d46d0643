import type { ScheduledClient } from "hatchet-scheduled";
import { EmbeddedHatchet, type Fault, type StartedRun } from "hatchet-scheduled/testing";

const fault: Fault = { operation: "update", status: 503, times: 1, headers: { "retry-after": "1" }, body: { errors: [] } };

export async function play(): Promise<StartedRun[]> {
  const hatchet = await EmbeddedHatchet.start({ now: new Date(0), workflows: ["send-email"], seed: 5 });
  const client: ScheduledClient = hatchet.client({ maxRetries: 0 });
  await client.create("send-email", { triggerAt: { in: "2h" } });
  hatchet.fault(fault);
  hatchet.clearFaults();
  await hatchet.advance("2h");
  await hatchet.advance(5_000);
  await hatchet.setTime("2031-01-01T00:00:00Z");
  const response: Response = await hatchet.fetch("http://anywhere.example/", { headers: { authorization: `Bearer ${hatchet.token}` } });
  const { url }: { url: string } = await hatchet.listen({ port: 0 });
  const [first] = hatchet.requests;
  const told: [number, string, string | undefined, Date, number] = [response.status, url, first?.method, hatchet.now, hatchet.changes];
  const next = await EmbeddedHatchet.start({ snapshot: hatchet.snapshot() });
  await next[Symbol.asyncDispose]();
  await hatchet.stop();
  return told.length > 0 ? hatchet.runs : [];
}

// @ts-expect-error it is made by start()
new EmbeddedHatchet();
// @ts-expect-error no such operation
export const wrong: Fault = { operation: "read", status: 500 };
