import { ScheduledClient } from "hatchet-scheduled";
import { ScheduledProvider, useScheduledActions, useScheduledRuns } from "hatchet-scheduled/react";
import { createRoot } from "react-dom/client";

const client = new ScheduledClient({ token: sessionStorage.token });

function Greetings() {
  const { runs, status, error } = useScheduledRuns({ workflowName: "greeter" }, { intervalMs: 1_000 });
  const actions = useScheduledActions();
  if (status === "loading") return <p>Loading…</p>;
  return (
    <>
      {error && <p role="alert">{error.message}</p>}
      <ol>{runs.map((run) => <li key={run.metadata.id}>{run.triggerAt} <button onClick={() => actions.delete(run)}>Delete</button></li>)}</ol>
    </>
  );
}

const root = createRoot(document.body.appendChild(document.createElement("main")));
root.render(<ScheduledProvider client={client}><Greetings /></ScheduledProvider>);
