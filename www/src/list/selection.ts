/** Which runs are selected. It is kept by id, so it holds across filters, sorting and refreshes. */

import type { Run } from "./run.ts";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a shift-range starts. */
  readonly anchor: string | undefined;
}

export const noSelection: Selection = { ids: new Set(), anchor: undefined };

export function selectable(run: Run): boolean {
  return !run.madeInCode;
}

export function toggle(selection: Selection, run: Run): Selection {
  if (!selectable(run)) return selection;
  const ids = new Set(selection.ids);
  if (!ids.delete(run.id)) ids.add(run.id);
  return { ids, anchor: run.id };
}

/** Adds every run between the anchor and `run`, in the order shown; without a visible anchor it is a plain toggle. */
export function extend(selection: Selection, run: Run, visible: readonly Run[]): Selection {
  const from = visible.findIndex((r) => r.id === selection.anchor);
  const to = visible.findIndex((r) => r.id === run.id);
  if (from < 0 || to < 0) return toggle(selection, run);
  const ids = new Set(selection.ids);
  for (const between of visible.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (selectable(between)) ids.add(between.id);
  }
  return { ids, anchor: selection.anchor };
}

/** Exactly the runs that are visible, less those made in code. */
export function selectAll(visible: readonly Run[]): Selection {
  return { ids: new Set(visible.filter(selectable).map((run) => run.id)), anchor: undefined };
}

/** Drops what is no longer there. */
export function prune(selection: Selection, runs: ReadonlyMap<string, Run>): Selection {
  const gone = [...selection.ids].filter((id) => !runs.has(id));
  if (gone.length === 0) return selection;
  const ids = new Set(selection.ids);
  for (const id of gone) ids.delete(id);
  return { ids, anchor: selection.anchor };
}

export interface SelectionCounts {
  selected: number;
  /** Selected, and not in the list as it is filtered now. */
  outOfView: number;
  /** Visible, and still to be had by "select all". */
  selectableVisible: number;
  madeInCode: number;
}

export function countSelection(selection: Selection, visible: readonly Run[]): SelectionCounts {
  let inView = 0;
  let madeInCode = 0;
  for (const run of visible) {
    if (selection.ids.has(run.id)) inView += 1;
    if (!selectable(run)) madeInCode += 1;
  }
  return {
    selected: selection.ids.size,
    outOfView: selection.ids.size - inView,
    selectableVisible: visible.length - madeInCode,
    madeInCode,
  };
}
