/** The workflows that a run can be scheduled of: all of the tenant's, as the server knows them. */

import type { App } from "../state/app.ts";

interface Known {
  names: ReadonlySet<string> | undefined;
  paused: ReadonlySet<string>;
  /** The form that they were last asked for. */
  form: string;
}

const known = new WeakMap<App, Known>();

/** What is known; for every form that is opened the server is asked anew. */
export function workflowsOf(app: App, form: string): Known {
  const before = known.get(app);
  if (before?.form === form) return before;
  const now: Known = { names: before?.names, paused: before?.paused ?? new Set(), form };
  known.set(app, now);
  if (app.may("workflows")) void ask(app, now);
  return now;
}

async function ask(app: App, now: Known): Promise<void> {
  // Names can be typed all the same.
  const workflows = await app.client?.workflows().catch(() => undefined);
  if (!workflows) return;
  now.names = new Set(workflows.map(({ name }) => name));
  now.paused = new Set(workflows.filter(({ isPaused }) => isPaused).map(({ name }) => name));
  app.set({});
}

/** The names to offer for what was typed: those that begin with it before those that hold it. */
export function suggestions(typed: string, names: Iterable<string>, most = 100): string[] {
  const wanted = typed.trim().toLowerCase();
  const holding = [...new Set(names)].filter((name) => name.toLowerCase().includes(wanted));
  const begins = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return holding.sort((one, other) => begins(one) - begins(other) || (one < other ? -1 : 1)).slice(0, most);
}
