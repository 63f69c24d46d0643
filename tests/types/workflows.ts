/** A client that knows its workflows checks their names and inputs. */
import { ScheduledClient } from "hatchet-scheduled";

interface Email {
  to: string;
  cc?: string[];
}
type Report = { weekly: boolean };
interface Workflows {
  "send-email": Email;
  report: Report;
  tidy: {};
}

export async function typed(client: ScheduledClient<Workflows>): Promise<void> {
  const run = await client.create("send-email", { triggerAt: new Date(), input: { to: "a@example.com" } });
  run.input?.to satisfies string | undefined;
  await client.create("tidy", { triggerAt: new Date() });
  await client.bulkCreate([
    { workflowName: "report", triggerAt: { in: "1h" }, input: { weekly: true } },
    { workflowName: "tidy", triggerAt: { in: "1h" } },
  ]);
  await client.list({ workflowName: "report" });

  // @ts-expect-error an unknown workflow
  await client.create("send-mail", { triggerAt: new Date() });
  // @ts-expect-error an input that the workflow needs
  await client.create("send-email", { triggerAt: new Date() });
  // @ts-expect-error another workflow's input
  await client.create("send-email", { triggerAt: new Date(), input: { weekly: true } });
  // @ts-expect-error another workflow's input
  await client.bulkCreate([{ workflowName: "report", triggerAt: { in: "1h" }, input: { to: "a@example.com" } }]);
  // @ts-expect-error an unknown workflow
  await client.list({ workflowName: "reports" });
}

// @ts-expect-error JSON cannot carry functions
export type Impossible = ScheduledClient<{ impossible: { callback: () => void } }>;
