/** The heat-map: 7 days by 24 hours, as one table that is both the picture and its numbers. */

import type { Run } from "../list/run.ts";
import { memo } from "../state/memo.ts";
import { weekdayNames, type Zone } from "../time/zone.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, type TemplateResult } from "../ui/html.ts";
import { countWeek, levelOf } from "./week.ts";

const LEVELS = 5;
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const pad = (hour: number) => String(hour).padStart(2, "0");

const count = memo((runs: readonly Run[], zone: Zone) => countWeek(runs, zone));

export function weekView(runs: readonly Run[], zone: Zone, asTable: boolean): TemplateResult {
  const { counts, peak } = count(runs, zone);
  return html`<div class="table-scroll ${asTable ? "" : "heat-scroll"}" tabindex="0" role="region" aria-label="Runs by weekday and hour">
    <table translate="no" class=${asTable ? "" : "heat"}>
      <thead><tr><th scope="col"><span class="hidden-text">Day</span></th>${hours.map((hour) => html`<th scope="col"><span class=${asTable || hour % 3 === 0 ? "" : "hidden-text"}>${pad(hour)}</span></th>`)}</tr></thead>
      <tbody>${weekdayNames.map((name, day) => html`<tr>
        <th scope="row">${name}</th>
        ${hours.map((hour) => {
          const runsThen = counts[day * 24 + hour] ?? 0;
          return asTable
            ? html`<td>${formatCount(runsThen)}</td>`
            : html`<td class="l${levelOf(runsThen, peak, LEVELS)}" title="${name} ${pad(hour)}:00 · ${countRuns(runsThen)}"><span class="hidden-text">${runsThen}</span></td>`;
        })}
      </tr>`)}</tbody>
    </table>
  </div>`;
}
