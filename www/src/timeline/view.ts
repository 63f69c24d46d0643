/** The two pictures above the list: runs over time, and runs over the week. Both can be read as tables. */

import { ref } from "lit-html/directives/ref.js";
import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { memo } from "../state/memo.ts";
import { formatTimeRange, type Zone } from "../time/zone.ts";
import { formatCount, countRuns } from "../ui/format.ts";
import { html, nothing, svg, type TemplateResult, verbatim } from "../ui/html.ts";
import { binRuns, binTotal, fitTicks, type Histogram, labelWidth, spanOf } from "./histogram.ts";
import { seriesPaths } from "./paths.ts";
import { weekView } from "./week-view.ts";

const HEIGHT = 72;
const AXIS = 20;
const BIN_WIDTH = 9;
const MINUTE = 60_000;

export class Timeline {
  readonly #app: App;
  #width = 0;
  #resized: ResizeObserver | undefined;
  /** The bins under the pointer: where a brush began and where it is. */
  #brush: { from: number; to: number } | undefined;
  #hovered: number | undefined;

  readonly #histogram = memo((runs: readonly Run[], width: number, zone: Zone, minute: number): Histogram => {
    const { from, to } = spanOf(runs, minute * MINUTE);
    return binRuns(runs, from, to, Math.max(12, Math.floor(width / BIN_WIDTH)), zone);
  });
  readonly #ticks = memo((histogram: Histogram, width: number, zone: Zone) =>
    fitTicks(histogram.edges[0] as number, histogram.edges.at(-1) as number, width, zone),
  );
  readonly #paths = memo((histogram: Histogram, width: number) => seriesPaths(histogram, width, HEIGHT));

  constructor(app: App) {
    this.#app = app;
  }

  view(): TemplateResult {
    const { state, derived } = this.#app;
    const runs = derived.visibleAtAnyTime;
    const week = state.picture === "week";
    return html`<section class="pictures" aria-label="When runs fire">
      <div class="picture-head">
        <div class="segments" role="group" aria-label="Picture">
          <button type="button" aria-pressed=${!week} @click=${() => this.#app.set({ picture: "timeline" })}>Timeline</button>
          <button type="button" aria-pressed=${week} @click=${() => this.#app.set({ picture: "week" })}>Week</button>
        </div>
        ${week ? html`<p class="legend">Runs by weekday and hour, ${verbatim(derived.zone.id)}</p>` : this.#legend(this.#current())}
        <button type="button" class="quiet small" aria-pressed=${state.pictureAsTable} @click=${() => this.#app.set({ pictureAsTable: !state.pictureAsTable })}>
          ${state.pictureAsTable ? "View as picture" : "View as table"}
        </button>
      </div>
      <div class="picture" ${ref(this.#attach)}>
        ${week ? weekView(runs, derived.zone, state.pictureAsTable) : state.pictureAsTable ? this.#table(this.#current()) : this.#plot(this.#current())}
      </div>
    </section>`;
  }

  #current(): Histogram {
    const { state, derived } = this.#app;
    return this.#histogram(derived.visibleAtAnyTime, this.#width, derived.zone, Math.floor(state.now / MINUTE));
  }

  #attach = (element: Element | undefined): void => {
    this.#resized?.disconnect();
    if (!element) return;
    this.#resized = new ResizeObserver(() => {
      const width = Math.floor(element.clientWidth);
      if (width === this.#width) return;
      this.#width = width;
      this.#app.set({});
    });
    this.#resized.observe(element);
  };

  #legend(histogram: Histogram): TemplateResult {
    const bin = this.#hovered;
    let readout: TemplateResult | typeof nothing = nothing;
    if (bin !== undefined && bin < histogram.edges.length - 1) {
      const from = this.#brush ? Math.min(this.#brush.from, this.#brush.to) : bin;
      const to = this.#brush ? Math.max(this.#brush.from, this.#brush.to) : bin;
      let count = 0;
      for (let i = from; i <= to; i += 1) count += binTotal(histogram.series, i);
      readout = html`<span class="readout">${verbatim(this.#range(histogram, from, to))} · ${countRuns(count)}</span>`;
    }
    return html`<p class="legend">${histogram.series.map(({ workflow, total }, i) =>
      html`<span class="entry" title=${workflow ?? nothing}><span class="swatch s${workflow === undefined ? "rest" : i}"></span><span class="name">${workflow === undefined ? "others" : verbatim(workflow)}</span> <span class="count">${formatCount(total)}</span></span>`)}${readout}</p>`;
  }

  #range(histogram: Histogram, from: number, to: number): string {
    const { state, derived } = this.#app;
    return formatTimeRange(histogram.edges[from] as number, histogram.edges[to + 1] as number, derived.zone, state.now);
  }

  #plot(histogram: Histogram): TemplateResult | typeof nothing {
    const width = this.#width;
    if (width === 0) return nothing;
    if (histogram.total + histogram.earlier + histogram.later === 0) return html`<p class="note">No run to show.</p>`;
    const { state, derived } = this.#app;
    const first = histogram.edges[0] as number;
    const last = histogram.edges.at(-1) as number;
    const x = (at: number) => Math.round((((at - first) / (last - first)) * width) * 10) / 10;
    const clamp = (at: number) => Math.min(Math.max(at, first), last);
    const range = this.#brush
      ? { from: histogram.edges[Math.min(this.#brush.from, this.#brush.to)] as number, to: histogram.edges[Math.max(this.#brush.from, this.#brush.to) + 1] as number }
      : state.filter.from !== undefined || state.filter.to !== undefined
        ? { from: clamp(state.filter.from ?? first), to: clamp(state.filter.to ?? last) }
        : undefined;
    const ticks = this.#ticks(histogram, width, derived.zone);
    const peak = `${histogram.later ? `${formatCount(histogram.later)} later · ` : ""}max ${formatCount(histogram.peak)}`;
    const earlier = histogram.earlier ? `${formatCount(histogram.earlier)} earlier` : "";
    const hovered = this.#hovered === undefined || this.#brush ? undefined : this.#hovered;
    return html`<svg
      class="plot"
      role="img"
      translate="no"
      aria-label="Histogram of ${countRuns(histogram.total)}, at most ${formatCount(histogram.peak)} in one bar. The table has the numbers; the time filter narrows the list."
      width=${width}
      height=${HEIGHT + AXIS}
      viewBox="0 0 ${width} ${HEIGHT + AXIS}"
      @pointerdown=${this.#onDown}
      @pointermove=${this.#onMove}
      @pointerup=${this.#onUp}
      @pointercancel=${this.#onLeave}
      @pointerleave=${this.#onLeave}
    >
      ${hovered !== undefined && hovered < histogram.edges.length - 1
        ? svg`<rect class="hover" x=${x(histogram.edges[hovered] as number)} y="0" width=${x(histogram.edges[hovered + 1] as number) - x(histogram.edges[hovered] as number)} height=${HEIGHT} />`
        : nothing}
      ${range ? svg`<rect class="brush" x=${x(range.from)} y="0" width=${Math.max(2, x(range.to) - x(range.from))} height=${HEIGHT} />` : nothing}
      ${this.#paths(histogram, width).map(({ d, name }) => svg`<path class="bars ${name}" d=${d} />`)}
      <line class="base" x1="0" x2=${width} y1=${HEIGHT + 0.5} y2=${HEIGHT + 0.5} />
      ${ticks.map(({ at, label }) => svg`<line class="tick" x1=${x(at)} x2=${x(at)} y1=${HEIGHT} y2=${HEIGHT + 4} /><text class="label" x=${x(at) + 3} y=${HEIGHT + 15}>${label}</text>`)}
      ${state.now >= first && state.now <= last ? svg`<line class="now" x1=${x(state.now)} x2=${x(state.now)} y1="0" y2=${HEIGHT} />` : nothing}
      <text class="label peak" x=${width} y="10" text-anchor="end">${peak}</text>
      ${earlier ? svg`<text class="label" x="0" y=${labelWidth(earlier + peak) > width ? 26 : 10}>${earlier}</text>` : nothing}
    </svg>`;
  }

  #table(histogram: Histogram): TemplateResult {
    const bins = Array.from({ length: histogram.edges.length - 1 }, (_, bin) => bin).filter((bin) => binTotal(histogram.series, bin) > 0);
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs over time, as a table">
      <table>
        <thead><tr><th scope="col">From – to</th><th scope="col">Runs</th>${histogram.series.map(({ workflow }) => html`<th scope="col">${workflow === undefined ? "others" : verbatim(workflow)}</th>`)}</tr></thead>
        <tbody>${bins.map((bin) => html`<tr>
          <th scope="row" translate="no">${this.#range(histogram, bin, bin)}</th>
          <td>${formatCount(binTotal(histogram.series, bin))}</td>
          ${histogram.series.map(({ counts }) => html`<td>${formatCount(counts[bin] ?? 0)}</td>`)}
        </tr>`)}</tbody>
      </table>
    </div>`;
  }

  #binAt(event: PointerEvent): number {
    const { edges } = this.#current();
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    const at = (edges[0] as number) + share * ((edges.at(-1) as number) - (edges[0] as number));
    const after = edges.findIndex((edge) => edge > at);
    return after < 0 ? edges.length - 2 : Math.max(0, after - 1);
  }

  #onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const bin = this.#binAt(event);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#brush = { from: bin, to: bin };
    this.#hovered = bin;
    this.#app.set({});
  };

  #onMove = (event: PointerEvent): void => {
    const bin = this.#binAt(event);
    if (this.#brush) this.#brush.to = bin;
    if (bin === this.#hovered && !this.#brush) return;
    this.#hovered = bin;
    this.#app.set({});
  };

  /** The brushed bins become the time filter: whole bars, so that the count read off is the count listed. */
  #onUp = (): void => {
    const brush = this.#brush;
    if (!brush) return;
    const { edges } = this.#current();
    this.#brush = undefined;
    this.#app.set({
      filter: {
        ...this.#app.state.filter,
        from: edges[Math.min(brush.from, brush.to)],
        to: edges[Math.max(brush.from, brush.to) + 1],
      },
    });
  };

  #onLeave = (): void => {
    this.#brush = undefined;
    this.#hovered = undefined;
    this.#app.set({});
  };
}
