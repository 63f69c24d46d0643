/** What follows from the state: worked out when asked for, and again only when what it rests on has changed. */

import { compileFilter, type Filter, isFiltering, noFilter } from "../filters/filter.ts";
import { Search } from "../filters/search.ts";
import { type Order, sortRuns } from "../list/order.ts";
import { type Run, type RunState, stateOf } from "../list/run.ts";
import { countSelection } from "../list/selection.ts";
import { findZone, localZoneId, type Zone } from "../time/zone.ts";
import { memo } from "./memo.ts";
import type { State } from "./state.ts";

const UTC = "UTC";

export class Derived {
  #present = memo((runs: ReadonlyMap<string, Run>, hidden: ReadonlySet<string>): Run[] => {
    const all = [...runs.values()];
    return hidden.size ? all.filter((run) => !hidden.has(run.id)) : all;
  });
  #sorted = memo((present: readonly Run[], order: Order) => sortRuns(present, order));
  /** The filter without its text, which is typed, and its time range, which is drawn over the pictures. */
  #unsearched = memo(
    (sorted: readonly Run[], workflows: Filter["workflows"], states: Filter["states"], metadata: Filter["metadata"], clock: number): readonly Run[] => {
      const rest: Filter = { ...noFilter, workflows, states, metadata };
      return isFiltering(rest) ? sorted.filter(compileFilter(rest, clock)) : sorted;
    },
  );
  readonly #search = new Search();
  #visible = memo((anyTime: readonly Run[], from: number | undefined, to: number | undefined): readonly Run[] =>
    from === undefined && to === undefined ? anyTime : anyTime.filter(compileFilter({ ...noFilter, from, to }, 0)),
  );
  #positions = memo((visible: readonly Run[]) => new Map(visible.map((run, index) => [run.id, index])));
  #workflows = memo((present: readonly Run[]) => {
    const counts = new Map<string, number>();
    for (const run of present) counts.set(run.workflow, (counts.get(run.workflow) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name, count]) => ({ name, count }));
  });
  #metadataKeys = memo((present: readonly Run[]) => {
    const counts = new Map<string, number>();
    for (const run of present) for (const key of Object.keys(run.metadata)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  });
  #counts = memo(countSelection);
  #states = memo((present: readonly Run[], second: number) => {
    const counts: Record<RunState, number> = { overdue: 0, soon: 0, scheduled: 0 };
    for (const run of present) counts[stateOf(run, second * 1000)] += 1;
    return counts;
  });
  #times = memo((present: readonly Run[]) => Float64Array.from(present, (run) => run.at).sort());

  readonly #state: () => State;

  constructor(state: () => State) {
    this.#state = state;
  }

  get zone(): Zone {
    const { zone } = this.#state();
    return findZone(zone === "local" ? localZoneId() : zone) ?? (findZone(UTC) as Zone);
  }

  /** All runs, less those whose deletion can still be undone. */
  get present(): readonly Run[] {
    const { runs, hidden } = this.#state();
    return this.#present(runs, hidden);
  }

  /** What the list shows, in its order. */
  get visible(): readonly Run[] {
    const { from, to } = this.#state().filter;
    return this.#visible(this.visibleAtAnyTime, from, to);
  }

  /** What the pictures show: the filter without its time range, which is drawn over them. */
  get visibleAtAnyTime(): readonly Run[] {
    const { filter, order } = this.#state();
    const unsearched = this.#unsearched(this.#sorted(this.present, order), filter.workflows, filter.states, filter.metadata, this.#clock);
    return this.#search.in(unsearched, filter.text);
  }

  /** Only a filter by state depends on the time. */
  get #clock(): number {
    const { filter, now } = this.#state();
    return filter.states.length ? Math.floor(now / 1000) * 1000 : 0;
  }

  indexOf(id: string | undefined): number {
    return id === undefined ? -1 : (this.#positions(this.visible).get(id) ?? -1);
  }

  get workflows(): readonly { name: string; count: number }[] {
    return this.#workflows(this.present);
  }

  get stateCounts(): Readonly<Record<RunState, number>> {
    return this.#states(this.present, Math.floor(this.#state().now / 1000));
  }

  get metadataKeys(): readonly string[] {
    return this.#metadataKeys(this.present);
  }

  get selectionCounts() {
    return this.#counts(this.#state().selection, this.visible);
  }

  get selectedRuns(): Run[] {
    const { runs, selection, hidden } = this.#state();
    return [...selection.ids].flatMap((id) => (hidden.has(id) ? [] : (runs.get(id) ?? [])));
  }

  /** When the next run fires, in epoch milliseconds. */
  get nextAt(): number | undefined {
    const times = this.#times(this.present);
    const { now } = this.#state();
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] as number) < now) low = middle + 1;
      else high = middle;
    }
    return times[low];
  }
}
