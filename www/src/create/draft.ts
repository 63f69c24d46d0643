/** The create form while it is being filled in. */

import type { Run } from "../list/run.ts";
import { emptyWhen, type WhenDraft } from "../time/when.ts";
import { toInputValue, type Zone } from "../time/zone.ts";
import { newKey } from "./key.ts";

export type Priority = 1 | 2 | 3;
/** What becomes of a run that is there with the same key. */
export type OnExisting = "keep" | "move" | "replace";

export interface CreateDraft {
  mode: "one" | "many";
  /** Makes sure that a second try, after an answer was lost, schedules no second run. */
  key: string;
  workflow: string;
  when: WhenDraft;
  input: string;
  metadata: string;
  priority: Priority;
  /** A key of the user's own; empty for none. */
  ownKey: string;
  onExisting: OnExisting;
  /** Many runs, as JSON lines. */
  lines: string;
  /** Whether they are all of the keyed runs of their workflow. */
  isSet: boolean;
  progress: { done: number; total: number } | undefined;
  /** Ends what is being sent. */
  cancel: (() => void) | undefined;
  sending: boolean;
  /** What the last attempt to send met. */
  problem: { title: string; detail: string; hint: string | undefined } | undefined;
  /** Set once sending was tried, from when on missing fields are pointed out. */
  tried: boolean;
}

/** Another input for a run, while it is being written. */
export interface InputDraft {
  run: Run;
  text: string;
  /** Makes sure that a second try, after an answer was lost, makes no second run. */
  key: string;
  sending: boolean;
  problem: CreateDraft["problem"];
}

export function newInputDraft(run: Run): InputDraft {
  return { run, text: JSON.stringify(run.row.input ?? {}, undefined, 2), key: newKey(), sending: false, problem: undefined };
}

export function newCreateDraft(workflow: string): CreateDraft {
  return {
    mode: "one", key: newKey(), workflow, when: emptyWhen, input: "{\n  \n}", metadata: "", priority: 1,
    ownKey: "", onExisting: "keep", lines: "", isSet: false, progress: undefined, cancel: undefined, sending: false, problem: undefined, tried: false,
  };
}

/** Where the client keeps a run's idempotency key; a copy is a run of its own. */
export const KEY_IN_METADATA = "idempotencyKey";

/** Everything of a run but its id, ready to be changed and sent again. */
export function cloneDraft(run: Run, zone: Zone): CreateDraft {
  const { [KEY_IN_METADATA]: _, ...metadata } = run.metadata;
  const show = (value: object) => (Object.keys(value).length ? JSON.stringify(value, undefined, 2) : "");
  return {
    ...newCreateDraft(run.workflow),
    when: { ...emptyWhen, text: toInputValue(run.at, zone).replace("T", " ") },
    input: show(run.row.input ?? {}),
    metadata: show(metadata),
    priority: run.priority === 2 || run.priority === 3 ? run.priority : 1,
  };
}
