/** The list of runs: a grid of which only the rows in sight are in the document. */

import { ref } from "lit-html/directives/ref.js";
import { repeat } from "lit-html/directives/repeat.js";
import { openRun } from "../detail/commands.ts";
import { requestDelete } from "../bulk/delete.ts";
import { requestMove } from "../bulk/request.ts";
import type { App } from "../state/app.ts";
import { formatRelative } from "../time/relative.ts";
import { memo } from "../state/memo.ts";
import { formatTime, formatTimeWithZone, timeLength, type Zone } from "../time/zone.ts";
import { stateChip } from "../ui/chip.ts";
import { formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { shortcutOf } from "../ui/keys.ts";
import { type Column, shownColumns } from "./columns.ts";
import { nextOrder } from "./order.ts";
import { CODE_REASON, describeMetadata, priorityNames, type Run, shortId, showValue, stateOf } from "./run.ts";
import { extend, noSelection, selectable, selectAll, toggle } from "./selection.ts";
import { ROW_HEIGHT, scrollToRow, windowOf } from "./window.ts";

const HEAD_HEIGHT = 36;
const ROW_ID = "run-";

export class Grid {
  readonly #app: App;
  #element: Element | undefined;
  #scrollTop = 0;
  #height = 600;
  #resized: ResizeObserver | undefined;
  readonly #pointerMoved: () => void;
  readonly #timeLength = memo((runs: readonly Run[], zone: Zone, year: number) => timeLength(runs.map((run) => run.at), zone, year));

  constructor(app: App, pointerMoved: () => void) {
    this.#app = app;
    this.#pointerMoved = pointerMoved;
  }

  view(): TemplateResult {
    const { state, derived } = this.#app;
    const visible = derived.visible;
    const { first, last } = windowOf(this.#scrollTop, this.#height, visible.length);
    const active = derived.indexOf(state.active);
    const zone = derived.zone;
    const columns = shownColumns(this.#app);
    const shift = `transform:translateY(${first * ROW_HEIGHT}px)`;
    return html`<div
      class="grid ${state.selection.ids.size ? "selecting" : ""} ${state.hiddenColumns.map((name) => `without-${name}`).join(" ")}"
      .style=${`--time-length:${this.#timeLength(visible, zone, zone.wall(state.now).year)}`}
      role="grid"
      tabindex="0"
      aria-label="Scheduled runs"
      aria-multiselectable="true"
      aria-rowcount=${visible.length + 1}
      aria-colcount=${columns.length + 1}
      aria-activedescendant=${active >= first && active < last ? ROW_ID + state.active : nothing}
      ${ref(this.#attach)}
      @scroll=${this.#onScroll}
      @keydown=${this.#onKey}
      @pointermove=${this.#pointerMoved}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex="1" class="row">
          <div role="columnheader" class="select">${this.#selectAllBox()}</div>
          ${columns.map((column) => this.#head(column))}
        </div>
      </div>
      <div role="rowgroup" class="rows" translate="no" .style=${`height:${visible.length * ROW_HEIGHT}px`} @click=${this.#onClick} @mousedown=${this.#onMouseDown}>
        <div role="presentation" .style=${shift}>
          ${repeat(visible.slice(first, last), (run) => run.id, (run, i) => this.#row(run, first + i, zone))}
        </div>
      </div>
    </div>`;
  }

  /** Brings a row into sight. */
  reveal(id: string): void {
    const index = this.#app.derived.indexOf(id);
    const grid = this.#element;
    if (index < 0 || !grid) return;
    const top = scrollToRow(index, grid.scrollTop, grid.clientHeight - HEAD_HEIGHT);
    if (top !== undefined) grid.scrollTop = top;
  }

  #attach = (element: Element | undefined): void => {
    this.#resized?.disconnect();
    this.#element = element;
    if (!element) return;
    this.#scrollTop = element.scrollTop;
    this.#resized = new ResizeObserver(() => {
      this.#height = element.clientHeight;
      this.#app.set({});
    });
    this.#resized.observe(element);
  };

  #selectAllBox(): TemplateResult {
    const { selection } = this.#app.state;
    const counts = this.#app.derived.selectionCounts;
    const inView = counts.selected - counts.outOfView;
    const all = counts.selectableVisible > 0 && inView === counts.selectableVisible;
    const toggleAll = () => this.#app.set({ selection: all ? noSelection : selectAll(this.#app.derived.visible) });
    return html`<input
      type="checkbox"
      aria-label="Select all ${formatCount(counts.selectableVisible)} runs shown"
      .checked=${all}
      .indeterminate=${selection.ids.size > 0 && !all}
      ?disabled=${counts.selectableVisible === 0}
      @change=${toggleAll}
    />`;
  }

  #head({ name, label, sort }: Column): TemplateResult {
    if (!sort) return html`<div role="columnheader" class=${name}>${label}</div>`;
    const { order } = this.#app.state;
    const sorted = order.key === sort;
    const direction = sorted ? (order.descending ? "descending" : "ascending") : "none";
    return html`<div role="columnheader" class=${name} aria-sort=${direction}>
      <button type="button" class="sort" @click=${() => this.#app.set({ order: nextOrder(order, sort) })}>
        ${label}${sorted ? icon(order.descending ? "down" : "up") : nothing}
      </button>
    </div>`;
  }

  #row(run: Run, index: number, zone: Zone): TemplateResult {
    const { now, selection, active, detail } = this.#app.state;
    const state = stateOf(run, now);
    const selected = selection.ids.has(run.id);
    const open = detail?.phase === "listed" && detail.run.id === run.id;
    const classes = `row ${state}${selected ? " selected" : ""}${active === run.id ? " active" : ""}${open ? " open" : ""}`;
    return html`<div
      role="row"
      class=${classes}
      id=${ROW_ID + run.id}
      data-index=${index}
      aria-rowindex=${index + 2}
      aria-selected=${selectable(run) ? String(selected) : nothing}
    >
      <div role="gridcell" class="select" title=${selectable(run) ? nothing : CODE_REASON}>
        <span class="box ${selectable(run) ? "" : "barred"}">${selected ? icon("check") : nothing}</span>
      </div>
      <div role="gridcell" class="when">${formatRelative(run.at, now)}</div>
      <div role="gridcell" class="time" title=${formatTimeWithZone(run.at, zone, now)}>${formatTime(run.at, zone, now)}</div>
      <div role="gridcell" class="state">${stateChip(state)}</div>
      <div role="gridcell" class="workflow" title=${run.workflow}><span class="name">${run.workflow}</span>${run.madeInCode ? html`<span class="tag">in code</span>` : nothing}</div>
      <div role="gridcell" class="metadata" title=${describeMetadata(run)}>${Object.entries(run.metadata).slice(0, 4).map(([key, value]) =>
        html`<span class="pair"><span class="key">${key}</span> ${showValue(value)}</span>`)}</div>
      <div role="gridcell" class="priority p${run.priority}">${priorityNames[run.priority] ?? run.priority}</div>
      <div role="gridcell" class="created" title=${formatTimeWithZone(run.createdAt, zone, now)}>${formatRelative(run.createdAt, now)}</div>
      <div role="gridcell" class="id" title=${run.id}>${shortId(run.id)}</div>
    </div>`;
  }

  #onScroll = (event: Event): void => {
    const grid = event.currentTarget as HTMLElement;
    this.#scrollTop = grid.scrollTop;
    this.#app.set({});
  };

  /** The grid keeps the focus; a row that took it would lose it when it leaves the document. */
  #onMouseDown = (event: MouseEvent): void => {
    if (event.shiftKey) event.preventDefault();
  };

  #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const run = this.#runOf(target.closest(".row"));
    if (!run) return;
    if (target.closest(".select") || event.shiftKey || event.ctrlKey || event.metaKey) {
      this.#select(run, event.shiftKey);
    } else if (!getSelection()?.toString()) {
      void openRun(this.#app, run.id);
    }
  };

  /** The run that a row shows: what was pressed counts, not the place where it stood. */
  #runOf(row: Element | null): Run | undefined {
    const { visible } = this.#app.derived;
    return visible[this.#app.derived.indexOf(row?.id.slice(ROW_ID.length))];
  }

  #select(run: Run, range: boolean): void {
    const { selection } = this.#app.state;
    this.#app.set({
      active: run.id,
      selection: range ? extend(selection, run, this.#app.derived.visible) : toggle(selection, run),
    });
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const { derived, state } = this.#app;
    const visible = derived.visible;
    const index = derived.indexOf(state.active);
    const page = Math.max(1, Math.floor((this.#height - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index < 0 ? 0 : index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: visible.length - 1,
    };
    const key = shortcutOf(event);
    const to = steps[key];
    const run = visible[index];
    if (to !== undefined) this.#moveTo(Math.min(Math.max(to, 0), visible.length - 1), event.shiftKey);
    else if (key === " " && run) this.#select(run, event.shiftKey);
    else if (key === "Enter" && run) void openRun(this.#app, run.id);
    else if (key === "a" && (event.ctrlKey || event.metaKey)) this.#app.set({ selection: selectAll(visible) });
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (key === "Delete" || key === "Backspace") requestDelete(this.#app, this.#subjects(run));
    else if (key === "r") requestMove(this.#app, this.#subjects(run));
    else return;
    event.preventDefault();
  };

  /** The selection, or the row the keyboard is on. */
  #subjects(run: Run | undefined): Run[] {
    const selected = this.#app.derived.selectedRuns;
    return selected.length || !run ? selected : [run];
  }

  #moveTo(index: number, extending: boolean): void {
    const { state, derived } = this.#app;
    const run = derived.visible[index];
    if (!run) return;
    const from = derived.visible[derived.indexOf(state.active)];
    const anchored = state.selection.anchor ? state.selection : { ids: state.selection.ids, anchor: from?.id };
    this.#app.set({ active: run.id, ...(extending ? { selection: extend(anchored, run, derived.visible) } : {}) });
    this.reveal(run.id);
  }
}
