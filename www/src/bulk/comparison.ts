/** The new histogram over the old one: what a bulk reschedule does to the load. */

import type { Run } from "../list/run.ts";
import { memo } from "../state/memo.ts";
import { fitTicks, type Histogram, roundEdges, roundStep } from "../timeline/histogram.ts";
import { seriesPaths } from "../timeline/paths.ts";
import type { Zone } from "../time/zone.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, svg, type TemplateResult } from "../ui/html.ts";
import type { MovePlan } from "./plan.ts";

const MAX_WIDTH = 520;
/** What stands at the sides of the picture in a dialog as wide as the window. */
const BESIDE = 84;
const HEIGHT = 56;
const BIN_WIDTH = 10;

const compare = memo((plan: MovePlan, runs: readonly Run[], zone: Zone, width: number) => {
  const before = runs.map((run) => run.at);
  const moved = new Map(plan.moves.map(({ run, after }) => [run.id, after]));
  const after = runs.map((run) => moved.get(run.id) ?? run.at);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const at of [...before, ...after]) {
    if (at < from) from = at;
    if (at > to) to = at;
  }
  const edges = roundEdges(from, to, roundStep(Math.max(to - from, 60_000), Math.floor(width / BIN_WIDTH)), zone);
  return { edges, before: bin(before, edges), after: bin(after, edges) };
});

function bin(times: readonly number[], edges: number[]): Histogram {
  const counts = new Uint32Array(edges.length - 1);
  const sorted = Float64Array.from(times).sort();
  let edge = 0;
  for (const at of sorted) {
    while (edge < counts.length - 1 && at >= (edges[edge + 1] as number)) edge += 1;
    counts[edge] = (counts[edge] ?? 0) + 1;
  }
  return { edges, series: [{ workflow: undefined, counts, total: times.length }], peak: Math.max(...counts), total: times.length, earlier: 0, later: 0 };
}

export function comparison(plan: MovePlan, runs: readonly Run[], zone: Zone): TemplateResult {
  const width = Math.min(MAX_WIDTH, innerWidth - BESIDE);
  const { edges, before, after } = compare(plan, runs, zone, width);
  const peak = Math.max(before.peak, after.peak);
  const first = edges[0] as number;
  const span = (edges.at(-1) as number) - first;
  const ticks = fitTicks(first, first + span, width, zone);
  const path = (histogram: Histogram) => seriesPaths(histogram, width, HEIGHT, peak)[0]?.d ?? "";
  return html`<figure class="comparison">
    <svg role="img" translate="no" aria-label="At most ${formatCount(before.peak)} in one bar now, ${formatCount(after.peak)} then" viewBox="0 0 ${width} ${HEIGHT + 18}">
      <path class="bars before" d=${path(before)} />
      <path class="bars after" d=${path(after)} />
      <line class="base" x1="0" x2=${width} y1=${HEIGHT + 0.5} y2=${HEIGHT + 0.5} />
      ${ticks.map(({ at, label }) => {
        const x = Math.round(((at - first) / span) * width);
        return svg`<line class="tick" x1=${x} x2=${x} y1=${HEIGHT} y2=${HEIGHT + 4} /><text class="label" x=${x + 3} y=${HEIGHT + 14}>${label}</text>`;
      })}
    </svg>
    <figcaption class="legend"><span class="entry"><span class="swatch before"></span>now, at most ${countRuns(before.peak)} in a bar</span><span class="entry"><span class="swatch after"></span>then, at most ${formatCount(after.peak)}</span></figcaption>
  </figure>`;
}
