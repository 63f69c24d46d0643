/** The stacked bars of a histogram, one path for each series, so that the picture stays a handful of elements. */

import type { Histogram } from "./histogram.ts";

export interface SeriesPath {
  name: string;
  d: string;
}

const GAP = 1;

/** `peak` lets two pictures share one scale. */
export function seriesPaths(histogram: Histogram, width: number, height: number, peak = histogram.peak): SeriesPath[] {
  const { edges, series } = histogram;
  const first = edges[0] as number;
  const span = (edges.at(-1) as number) - first;
  const heights = new Float64Array(edges.length - 1);
  return series.map(({ workflow, counts }, index) => {
    let d = "";
    counts.forEach((count, bin) => {
      if (count === 0) return;
      const left = (((edges[bin] as number) - first) / span) * width;
      const right = (((edges[bin + 1] as number) - first) / span) * width;
      const below = heights[bin] as number;
      const tall = Math.max((count / peak) * (height - 4), below === 0 ? 1.5 : 0.5);
      heights[bin] = below + tall;
      const bar = Math.max(right - left - GAP, 1);
      d += `M${round(left)} ${round(height - below)}v${round(-tall)}h${round(bar)}v${round(tall)}z`;
    });
    return { name: workflow === undefined ? "srest" : `s${index}`, d };
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
