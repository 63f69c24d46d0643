import { createElement } from "react";
import { ScheduledClient, type ScheduledWorkflows } from "hatchet-scheduled";
import { ScheduledProvider, useScheduledActions, useScheduledClient, useScheduledRuns } from "hatchet-scheduled/react";

function Runs(): null {
  const { runs, status, error, refresh } = useScheduledRuns({ workflowName: "send-email" }, { intervalMs: 1_000 });
  const [first]: readonly ScheduledWorkflows[] = runs;
  const actions = useScheduledActions();
  const made: Promise<ScheduledWorkflows> = actions.create("send-email", { triggerAt: new Date(), input: { to: "ada" } });
  const client: ScheduledClient = useScheduledClient();
  void [first?.triggerAt, status satisfies "loading" | "current" | "failed", error, refresh().then(() => {}), made, client, actions.pending satisfies boolean];
  // @ts-expect-error paging is not for a list that is kept current
  useScheduledRuns({ limit: 5 });
  // @ts-expect-error reading is not an action
  void actions.list();
  return null;
}

export const page = createElement(ScheduledProvider, { client: new ScheduledClient({ serverUrl: "/api/scheduled" }) }, createElement(Runs));
// @ts-expect-error a provider needs a client
createElement(ScheduledProvider, {});
