import { ScheduledClient } from "hatchet-scheduled";
import { createRoot } from "react-dom/client";
import { useScheduledRuns } from "./useScheduledRuns.js";

const client = new ScheduledClient({ token: sessionStorage.token });
const query = { workflowName: "greeter" };

function Greetings() {
  const { runs, loading, error } = useScheduledRuns(client, query);
  if (error) return <p role="alert">{error.message}</p>;
  if (loading) return <p>Loading…</p>;
  return <ol>{runs.map((run) => <li key={run.metadata.id}>{run.triggerAt}</li>)}</ol>;
}

createRoot(document.body.appendChild(document.createElement("main"))).render(<Greetings />);
