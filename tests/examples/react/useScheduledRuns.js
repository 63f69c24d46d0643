import { useEffect, useState } from "react";

/** The runs that match, soonest first, kept current while the component is there. Give a `query` that stays the same. */
export function useScheduledRuns(client, query) {
  const [state, setState] = useState({ runs: [], loading: true, error: undefined });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    follow(client, query, signal, (runs) => setState({ runs, loading: false, error: undefined })).catch((error) => {
      if (!signal.aborted) setState((before) => ({ ...before, loading: false, error }));
    });
    return () => controller.abort();
  }, [client, query]);

  return state;
}

async function follow(client, query, signal, show) {
  const runs = new Map();
  const soonestFirst = () => [...runs.values()].sort((a, b) => Date.parse(a.triggerAt) - Date.parse(b.triggerAt));
  for await (const run of client.iterate(query, { signal })) runs.set(run.metadata.id, run);
  show(soonestFirst());
  for await (const { type, run } of client.watch(query, { signal, known: runs.values(), intervalMs: 1_000 })) {
    if (type === "removed") runs.delete(run.metadata.id);
    else runs.set(run.metadata.id, run);
    show(soonestFirst());
  }
}
