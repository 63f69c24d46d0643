/**
 * The page's address: filter, order, zone and the open run, so that a view can be shared. Whatever it holds is
 * checked; what does not make sense is dropped. The token is never in it.
 */

import { type Filter, type MetadataCondition, noFilter } from "../filters/filter.ts";
import { type Order, soonestFirst, sortKeys } from "../list/order.ts";
import type { RunState } from "../list/run.ts";
import { findZone } from "../time/zone.ts";

export const pictures = ["timeline", "week"] as const;
export type Picture = (typeof pictures)[number];

/** "local" follows the browser; anything else is an IANA name. */
export type ZoneChoice = "local" | (string & {});

export interface Address {
  filter: Filter;
  order: Order;
  zone: ZoneChoice | undefined;
  picture: Picture;
  openRun: string | undefined;
}

const METADATA = "meta.";
const HAS = "has";
const MAX_ITEMS = 50;
const MAX_TEXT = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const states: readonly RunState[] = ["overdue", "soon", "scheduled"];

export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const from = readInstant(params.get("from"));
  const to = readInstant(params.get("to"));
  const inverted = from !== undefined && to !== undefined && from >= to;
  const openRun = params.get("run") ?? "";
  const picture = pictures.find((name) => name === params.get("view"));
  return {
    filter: {
      ...noFilter,
      text: (params.get("q") ?? "").slice(0, MAX_TEXT),
      workflows: unique(params.getAll("workflow").filter(isShort)),
      states: unique(states.filter((state) => params.getAll("state").includes(state))),
      from: inverted ? undefined : from,
      to: inverted ? undefined : to,
      metadata: readMetadata(params),
    },
    order: readOrder(params.get("sort")),
    zone: readZone(params.get("zone")),
    picture: picture ?? "timeline",
    openRun: UUID.test(openRun) ? openRun.toLowerCase() : undefined,
  };
}

/** The query string, with its "?" unless it is empty. */
export function writeAddress({ filter, order, zone, picture, openRun }: Address): string {
  const params = new URLSearchParams();
  if (filter.text.trim()) params.set("q", filter.text);
  for (const workflow of filter.workflows) params.append("workflow", workflow);
  for (const state of filter.states) params.append("state", state);
  if (filter.from !== undefined) params.set("from", new Date(filter.from).toISOString());
  if (filter.to !== undefined) params.set("to", new Date(filter.to).toISOString());
  for (const { key, value } of filter.metadata) {
    if (value === undefined) params.append(HAS, key);
    else params.append(METADATA + key, value);
  }
  if (order.key !== soonestFirst.key || order.descending !== soonestFirst.descending) {
    params.set("sort", (order.descending ? "-" : "") + order.key);
  }
  if (zone !== undefined) params.set("zone", zone);
  if (picture !== "timeline") params.set("view", picture);
  if (openRun !== undefined) params.set("run", openRun);
  const text = params.toString();
  return text && `?${text}`;
}

const isShort = (text: string) => text.length > 0 && text.length <= MAX_TEXT;
const unique = <T>(items: readonly T[]) => [...new Set(items)].slice(0, MAX_ITEMS);

function readInstant(text: string | null): number | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function readMetadata(params: URLSearchParams): MetadataCondition[] {
  const conditions: MetadataCondition[] = [];
  for (const [name, value] of params) {
    if (conditions.length === MAX_ITEMS) break;
    if (value.length > MAX_TEXT || name.length > MAX_TEXT) continue;
    if (name === HAS && value) conditions.push({ key: value, value: undefined });
    else if (name.startsWith(METADATA) && name.length > METADATA.length) {
      conditions.push({ key: name.slice(METADATA.length), value });
    }
  }
  return conditions;
}

function readOrder(text: string | null): Order {
  const descending = text?.startsWith("-") ?? false;
  const key = sortKeys.find((name) => name === (descending ? text?.slice(1) : text));
  return key ? { key, descending } : soonestFirst;
}

function readZone(text: string | null): ZoneChoice | undefined {
  return text && (text === "local" || (text.length < 64 && findZone(text))) ? text : undefined;
}
