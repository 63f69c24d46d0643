// Reminds a customer three days ahead, once, however often this script runs: node remind.mjs INVOICE
import { RateLimitError, ScheduledClient } from "hatchet-scheduled";

const invoice = process.argv[2] ?? "2031-0042";
const client = new ScheduledClient({ timeoutMs: 10_000 }); // the token comes from HATCHET_CLIENT_TOKEN

try {
  const run = await client.create("send-reminder", {
    triggerAt: { in: "3d" },
    input: { invoice },
    additionalMetadata: { invoice },
    idempotencyKey: `reminder-${invoice}`,
  });
  console.log(`${run.metadata.id} fires at ${run.triggerAt}`);
} catch (error) {
  if (!(error instanceof RateLimitError)) throw error;
  console.error(`Busy: try again in ${(error.retryAfterMs ?? 60_000) / 1000} s.`);
  process.exitCode = 1;
}
