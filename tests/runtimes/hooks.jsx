"use client";
// A client component of an app whose page is a server component: what the hooks show is told to the tests.
import { useEffect, useRef, useState } from "react";
import { ScheduledClient } from "hatchet-scheduled";
import { ScheduledProvider, useScheduledActions, useScheduledRuns } from "hatchet-scheduled/react";

if (typeof document !== "undefined") document.cookie = "session=ada";
let requests = 0;
const client = new ScheduledClient({ serverUrl: "/api/scheduled", onEvent: ({ type }) => (requests += type === "request" ? 1 : 0) });
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function Runs({ told }) {
  const { runs, status } = useScheduledRuns({ workflowName: "simple" }, { intervalMs: 100 });
  const wrong = useScheduledRuns({ workflowName: "no such workflow" });
  const actions = useScheduledActions();
  useEffect(() => void (told.current = { runs, status, wrong, actions }));
  return <p>{status}</p>;
}

export function App() {
  const [shown, show] = useState(true);
  const told = useRef();
  useEffect(() => {
    const inbox = new URLSearchParams(location.search).get("inbox");
    // Strict mode begins twice.
    const begun = setTimeout(async () => {
      const until = async (isSo) => {
        for (const end = performance.now() + 20_000; performance.now() < end; await pause(20)) if (isSo(told.current)) return "ok";
        return JSON.stringify(told.current);
      };
      const list = await until(({ status }) => status === "current");
      const run = await told.current.actions.create("simple", { triggerAt: { in: "1h" } });
      const create = await until(({ runs }) => runs.some(({ metadata }) => metadata.id === run.metadata.id));
      const error = await until(({ wrong }) => wrong.status === "failed" && wrong.error.code === "not-found");
      show(false);
      await pause(500);
      const before = requests;
      await pause(2_000);
      const abort = requests === before ? "ok" : `${requests - before} requests after it was taken out`;
      await fetch(inbox, { method: "POST", body: JSON.stringify({ create, list, error, abort }) });
    });
    return () => clearTimeout(begun);
  }, []);
  return <ScheduledProvider client={client}>{shown && <Runs told={told} />}</ScheduledProvider>;
}
