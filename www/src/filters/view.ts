/** The row of filters: search, one menu per kind, and a removable chip for whatever is in force. */

import { live } from "lit-html/directives/live.js";
import { columnMenu } from "../list/columns.ts";
import { type RunState, stateNames } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { formatTime, formatTimeRange, toInputValue, type Zone } from "../time/zone.ts";
import { formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { menu } from "../ui/menu.ts";
import { describeCondition, type Filter, isFiltering, noFilter, parseCondition } from "./filter.ts";

export function filterRow(app: App): TemplateResult {
  const { filter } = app.state;
  const set = (change: Partial<Filter>) => app.set({ filter: { ...filter, ...change } });
  return html`<section class="filters" aria-label="Filters">
    <div class="filter-row">
      <label class="search">
        ${icon("search")}
        <input
          type="search" id="search" placeholder="Search id, workflow, metadata" aria-label="Search id, workflow and metadata" aria-keyshortcuts="/"
          autocomplete="off" spellcheck="false"
          .value=${live(filter.text)}
          @input=${(event: Event) => set({ text: (event.target as HTMLInputElement).value })}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      ${workflowMenu(app, set)} ${stateMenu(app, set)} ${timeMenu(app, set)} ${metadataMenu(app, set)} ${columnMenu(app)}
    </div>
    ${isFiltering(filter) ? chips(app, set) : nothing}
  </section>`;
}

type SetFilter = (change: Partial<Filter>) => void;

function toggled<T>(items: readonly T[], item: T): T[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function workflowMenu(app: App, set: SetFilter): TemplateResult {
  const { workflows } = app.state.filter;
  const known = app.derived.workflows;
  const absent = workflows.filter((name) => !known.some((workflow) => workflow.name === name)).map((name) => ({ name, count: 0 }));
  return menu({
    label: "Workflow",
    on: workflows.length > 0,
    body: html`<fieldset class="choices">
      <legend class="hidden-text">Workflows</legend>
      ${[...absent, ...known].slice(0, 100).map(({ name, count }) => html`<label class="choice">
        <input type="checkbox" .checked=${live(workflows.includes(name))} @change=${() => set({ workflows: toggled(workflows, name) })} />
        <span class="name" translate="no">${name}</span><span class="count">${formatCount(count)}</span>
      </label>`)}
      ${known.length === 0 ? html`<p class="note">No workflow has a scheduled run.</p>` : nothing}
    </fieldset>`,
  });
}

function stateMenu(app: App, set: SetFilter): TemplateResult {
  const { filter } = app.state;
  const counts = app.derived.stateCounts;
  return menu({
    label: "State",
    on: filter.states.length > 0,
    body: html`<fieldset class="choices">
      <legend class="hidden-text">States</legend>
      ${(Object.keys(stateNames) as RunState[]).map((state) => html`<label class="choice">
        <input type="checkbox" .checked=${live(filter.states.includes(state))} @change=${() => set({ states: toggled(filter.states, state) })} />
        <span class="name">${stateNames[state]}</span><span class="count">${formatCount(counts[state])}</span>
      </label>`)}
    </fieldset>`,
  });
}

function timeMenu(app: App, set: SetFilter): TemplateResult {
  const { filter, now } = app.state;
  const zone = app.derived.zone;
  const field = (label: string, key: "from" | "to") => html`<label class="field">
    <span>${label}</span>
    <input type="datetime-local" step="1" .value=${live(filter[key] === undefined ? "" : toInputValue(filter[key], zone))}
      @change=${(event: Event) => set({ [key]: readInput((event.target as HTMLInputElement).value, zone) })} />
  </label>`;
  const within = (label: string, span: number) =>
    html`<button type="button" class="small" @click=${() => set({ from: undefined, to: now + span })}>${label}</button>`;
  return menu({
    label: "Time",
    on: filter.from !== undefined || filter.to !== undefined,
    body: html`<div class="stack">
      <div class="quick">${within("Next hour", 3_600_000)}${within("Next 24 h", 86_400_000)}${within("Next 7 days", 7 * 86_400_000)}</div>
      ${field("From", "from")} ${field("Until", "to")}
      <p class="note">In ${verbatim(zone.id)}. Dragging over the timeline does the same.</p>
    </div>`,
  });
}

function readInput(value: string, zone: Zone): number | undefined {
  if (!value) return undefined;
  const wall = zone.resolve(value);
  return wall.kind === "exact" ? wall.at : wall.kind === "twice" ? wall.earlier : wall.after;
}

function metadataMenu(app: App, set: SetFilter): TemplateResult {
  const { metadata } = app.state.filter;
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem("condition") as HTMLInputElement;
    const condition = parseCondition(input.value);
    if (!condition) return;
    input.value = "";
    set({ metadata: [...metadata, condition] });
  };
  return menu({
    label: "Metadata",
    on: metadata.length > 0,
    align: "end",
    body: html`<form class="stack" @submit=${add}>
      <label class="field">
        <span>Key, or key=value</span>
        <input name="condition" type="text" list="metadata-keys" placeholder="customer=acme" autocomplete="off" spellcheck="false" />
      </label>
      <datalist id="metadata-keys">${app.derived.metadataKeys.slice(0, 20).map((key) => html`<option value="${key}="></option>`)}</datalist>
      <p class="note">Values may be of any type and hold colons. 5 finds the number and the text; "5" in quotes only the text.</p>
      <button type="submit">Add</button>
    </form>`,
  });
}

function chips(app: App, set: SetFilter): TemplateResult {
  const { filter, now } = app.state;
  const zone = app.derived.zone;
  const chip = (text: string, remove: Partial<Filter>, translate = "no") => html`<li><button type="button" class="filter-chip" aria-label="Remove filter: ${text}" @click=${() => set(remove)}>
    <span class="text" title=${text} translate=${translate}>${text}</span>${icon("close")}
  </button></li>`;
  const { from, to } = filter;
  const range = from !== undefined && to !== undefined
    ? formatTimeRange(from, to, zone, now)
    : from !== undefined ? `from ${formatTime(from, zone, now)}` : `until ${formatTime(to ?? 0, zone, now)}`;
  return html`<ul class="chips" aria-label="Filters in force">
    ${filter.text.trim() ? chip(`“${filter.text.trim()}”`, { text: "" }) : nothing}
    ${filter.workflows.map((name) => chip(name, { workflows: toggled(filter.workflows, name) }))}
    ${filter.states.map((state) => chip(stateNames[state], { states: toggled(filter.states, state) }, "yes"))}
    ${from !== undefined || to !== undefined ? chip(range, { from: undefined, to: undefined }) : nothing}
    ${filter.metadata.map((condition) => chip(describeCondition(condition), { metadata: filter.metadata.filter((other) => other !== condition) }))}
    <li><button type="button" class="quiet small" @click=${() => app.set({ filter: noFilter })}>Clear all</button></li>
  </ul>`;
}
