/** The workflows that a run can be scheduled of: all of the tenant's, as the server knows them. */

import type { Workflow } from "hatchet-scheduled";
import type { App } from "../state/app.ts";
import { type Form, readSchema } from "./schema.ts";

interface Known {
  byName: ReadonlyMap<string, Workflow> | undefined;
  /** What they look for in their input, by name, as far as it was asked for; `undefined` while the answer is on its way. */
  forms: Map<string, Form | undefined>;
  /** The dialog that they were last asked for. */
  dialog: string;
}

const known = new WeakMap<App, Known>();

function knownFor(app: App, dialog: string): Known {
  const before = known.get(app);
  if (before?.dialog === dialog) return before;
  const now: Known = { byName: before?.byName, forms: new Map(), dialog };
  known.set(app, now);
  if (app.may("workflows")) void ask(app, now);
  return now;
}

/** What is known of them by name; for every dialog that is opened the server is asked anew. */
export function workflowsOf(app: App, dialog: string): Known["byName"] {
  return knownFor(app, dialog).byName;
}

async function ask(app: App, now: Known): Promise<void> {
  // Names can be typed all the same.
  const workflows = await app.client?.workflows().catch(() => undefined);
  if (!workflows) return;
  now.byName = new Map(workflows.map((workflow) => [workflow.name, workflow]));
  app.set({});
}

/** What a workflow looks for in its input, where it says so. */
export function formOf(app: App, dialog: string, name: string): Form | undefined {
  const now = knownFor(app, dialog);
  const workflow = now.byName?.get(name);
  if (workflow && !now.forms.has(name)) {
    now.forms.set(name, undefined);
    void askForm(app, now, workflow);
  }
  return now.forms.get(name);
}

async function askForm(app: App, { forms }: Known, workflow: Workflow): Promise<void> {
  // There is the JSON all the same.
  const version = await app.client?.workflowVersion(workflow).catch(() => undefined);
  const form = readSchema(version?.inputJsonSchema);
  if (!form) return;
  forms.set(workflow.name, form);
  app.set({});
}

/** The names to offer for what was typed: those that begin with it before those that hold it. */
export function suggestions(typed: string, names: Iterable<string>, most = 100): string[] {
  const wanted = typed.trim().toLowerCase();
  const holding = [...new Set(names)].filter((name) => name.toLowerCase().includes(wanted));
  const begins = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return holding.sort((one, other) => begins(one) - begins(other) || (one < other ? -1 : 1)).slice(0, most);
}
