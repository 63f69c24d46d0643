/** The columns of the list, and which of them are shown. */

import { live } from "lit-html/directives/live.js";
import type { App } from "../state/app.ts";
import { html, type TemplateResult } from "../ui/html.ts";
import { menu } from "../ui/menu.ts";
import type { SortKey } from "./order.ts";

export interface Column {
  name: string;
  label: string;
  sort?: SortKey;
  /** It may be hidden; when a run fires, and of which workflow, is always to be seen. */
  optional?: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: "when", label: "Fires", sort: "time" },
  { name: "time", label: "Time", optional: true },
  { name: "state", label: "State", optional: true },
  { name: "workflow", label: "Workflow", sort: "workflow" },
  { name: "metadata", label: "Metadata", optional: true },
  { name: "priority", label: "Priority", sort: "priority", optional: true },
  { name: "created", label: "Created", sort: "created", optional: true },
  { name: "id", label: "Id", optional: true },
];

/** The names that are columns which may be hidden. */
export function hideable(names: readonly unknown[]): string[] {
  return COLUMNS.filter(({ name, optional }) => optional && names.includes(name)).map(({ name }) => name);
}

export function shownColumns({ state }: App): readonly Column[] {
  return COLUMNS.filter(({ name }) => !state.hiddenColumns.includes(name));
}

export function columnMenu(app: App): TemplateResult {
  const { hiddenColumns } = app.state;
  const toggle = (name: string) => {
    const hidden = hiddenColumns.includes(name) ? hiddenColumns.filter((other) => other !== name) : [...hiddenColumns, name];
    app.set({ hiddenColumns: hideable(hidden) });
  };
  return menu({
    label: "Columns",
    kind: "wide-only",
    on: hiddenColumns.length > 0,
    body: html`<fieldset class="choices">
      <legend class="hidden-text">Columns</legend>
      ${COLUMNS.filter(({ optional }) => optional).map(({ name, label }) => html`<label class="choice">
        <input type="checkbox" .checked=${live(!hiddenColumns.includes(name))} @change=${() => toggle(name)} /><span class="name">${label}</span>
      </label>`)}
    </fieldset>`,
  });
}
