/** Everything the page shows, in one value. Views read it, commands replace parts of it. */

import type { Outcome } from "../bulk/outcome.ts";
import type { BulkDraft } from "../bulk/draft.ts";
import type { Trouble } from "../connection/trouble.ts";
import type { CreateDraft, InputDraft } from "../create/draft.ts";
import { type Filter, noFilter } from "../filters/filter.ts";
import { type Changes, type Departure, noChanges } from "../list/changes.ts";
import { type Order, soonestFirst } from "../list/order.ts";
import type { Run } from "../list/run.ts";
import { noSelection, type Selection } from "../list/selection.ts";
import type { PauseDraft, Pauses, UnpauseDraft } from "../pauses/draft.ts";
import type { ReconcileDraft } from "../reconcile/draft.ts";
import type { Became, Fired } from "../started/state.ts";
import type { Words } from "../ui/html.ts";
import type { Picture, ZoneChoice } from "./url.ts";

export type Connection =
  | { phase: "starting" }
  | { phase: "none"; trouble: Trouble | undefined }
  /** With the connection this tab had before, or the demo's: the list is on its way. */
  | { phase: "resuming" }
  | { phase: "connecting" }
  | { phase: "connected"; serverUrl: string; tenantId: string; demo: boolean };

/** What was typed into the connect form; the token leaves it as soon as it is accepted. */
export interface ConnectDraft {
  token: string;
  serverUrl: string;
}

export interface Job {
  /** "Moving", "Deleting", "Restoring". */
  verb: string;
  done: number;
  failed: number;
  total: number;
  startedAt: number;
  cancelling: boolean;
  cancel: () => void;
}

export interface Toast {
  id: number;
  text: Words;
  tone: "plain" | "warning";
  action: { label: string; run: () => void } | undefined;
  /** When it goes by itself, in epoch milliseconds. */
  until: number;
  /** Says in how many seconds that will be. */
  countdown: boolean;
}

export type Detail =
  | { phase: "listed"; run: Run }
  | { phase: "loading"; id: string }
  /** `startedAs` is the run that it was started as from here. */
  | { phase: "gone"; id: string; run: Run | undefined; startedAs?: string }
  | { phase: "failed"; id: string; trouble: Trouble };

export type Dialog =
  | { kind: "create"; draft: CreateDraft }
  | { kind: "input"; draft: InputDraft }
  | { kind: "move"; draft: BulkDraft }
  | { kind: "delete"; runs: readonly Run[]; typed: string }
  | { kind: "outcome"; title: string; why: string | undefined; outcome: Outcome; retry: (runs: Run[]) => void }
  | { kind: "departures" }
  | { kind: "fired"; fired: Fired }
  | { kind: "pause"; draft: PauseDraft }
  | { kind: "unpause"; draft: UnpauseDraft }
  | { kind: "paused" }
  | { kind: "reconcile"; draft: ReconcileDraft }
  | { kind: "zone"; text: string }
  | { kind: "help" };

export type Theme = "auto" | "light" | "dark";

export interface State {
  now: number;
  connection: Connection;
  connectDraft: ConnectDraft;
  trouble: (Trouble & { retryAt: number | undefined }) | undefined;
  runs: ReadonlyMap<string, Run>;
  /** Whether `runs` is the whole list, only its first page, or nothing yet. */
  loaded: "nothing" | "some" | "all";
  /** What is not shown until nobody is selecting, typing or pointing. */
  waiting: Changes;
  departures: readonly Departure[];
  /** Being deleted here; most can still be undone. */
  hidden: ReadonlySet<string>;
  filter: Filter;
  order: Order;
  zone: ZoneChoice;
  picture: Picture;
  pictureAsTable: boolean;
  theme: Theme;
  /** The names of those that are not shown. */
  hiddenColumns: readonly string[];
  selection: Selection;
  /** The row the keyboard is on. */
  active: string | undefined;
  detail: Detail | undefined;
  became: Became | undefined;
  /** The workflows that are paused, by name; `undefined` where that is not known. */
  pauses: Pauses;
  dialog: Dialog | undefined;
  job: Job | undefined;
  toasts: readonly Toast[];
}

export function initialState(now: number): State {
  return {
    now,
    connection: { phase: "starting" },
    connectDraft: { token: "", serverUrl: "" },
    trouble: undefined,
    runs: new Map(),
    loaded: "nothing",
    waiting: noChanges,
    departures: [],
    hidden: new Set(),
    filter: noFilter,
    order: soonestFirst,
    zone: "local",
    picture: "timeline",
    pictureAsTable: false,
    theme: "auto",
    hiddenColumns: [],
    selection: noSelection,
    active: undefined,
    detail: undefined,
    became: undefined,
    pauses: undefined,
    dialog: undefined,
    job: undefined,
    toasts: [],
  };
}
