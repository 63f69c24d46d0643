/** What the list is narrowed to. Everything is decided here, on the page: the server cannot filter by half of it. */

import type { JsonValue } from "hatchet-scheduled";
import { type Run, type RunState, stateOf } from "../list/run.ts";

export interface MetadataCondition {
  key: string;
  /** The value as typed; undefined asks only that the key is there. */
  value: string | undefined;
}

export interface Filter {
  text: string;
  workflows: readonly string[];
  states: readonly RunState[];
  /** Epoch milliseconds; `from` is included, `to` is not. */
  from: number | undefined;
  to: number | undefined;
  metadata: readonly MetadataCondition[];
}

export const noFilter: Filter = { text: "", workflows: [], states: [], from: undefined, to: undefined, metadata: [] };

export function isFiltering(filter: Filter): boolean {
  return (
    filter.text.trim() !== "" || filter.workflows.length > 0 || filter.states.length > 0 || filter.metadata.length > 0 ||
    filter.from !== undefined || filter.to !== undefined
  );
}

/**
 * `5` finds the number and the text; `"5"` in quotes only the text. Objects and lists are compared by their JSON.
 */
export function matchesValue(value: JsonValue, wanted: string): boolean {
  if (value === wanted) return true;
  const json = JSON.stringify(value);
  return json === wanted || (typeof value === "object" && value !== null && json === normalise(wanted));
}

function normalise(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function matchesMetadata(run: Run, { key, value }: MetadataCondition): boolean {
  if (!Object.hasOwn(run.metadata, key)) return false;
  return value === undefined || matchesValue(run.metadata[key] as JsonValue, value);
}

/** A test for one run, with everything prepared that does not depend on the run. */
export function compileFilter(filter: Filter, now: number): (run: Run) => boolean {
  const matches = compileSearch(filter.text);
  const workflows = new Set(filter.workflows);
  const states = new Set(filter.states);
  const from = filter.from ?? Number.NEGATIVE_INFINITY;
  const to = filter.to ?? Number.POSITIVE_INFINITY;
  return (run) =>
    run.at >= from &&
    run.at < to &&
    (workflows.size === 0 || workflows.has(run.workflow)) &&
    (states.size === 0 || states.has(stateOf(run, now))) &&
    filter.metadata.every((condition) => matchesMetadata(run, condition)) &&
    matches(run);
}

/** Every word has to occur, in the id, the workflow's name or the metadata. */
export function compileSearch(text: string): (run: Run) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (run) => words.every((word) => run.searched.includes(word));
}

/** Reads "customer=acme", "callback=https://x", "customer" (is there). The first = divides. */
export function parseCondition(text: string): MetadataCondition | undefined {
  const at = text.indexOf("=");
  const key = (at < 0 ? text : text.slice(0, at)).trim();
  if (!key) return undefined;
  return { key, value: at < 0 ? undefined : text.slice(at + 1).trim() };
}

export function describeCondition({ key, value }: MetadataCondition): string {
  return value === undefined ? `has ${key}` : `${key} = ${value}`;
}
