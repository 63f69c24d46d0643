/** What a create form comes to, as far as it is filled in. */

import type { CreateScheduledRun } from "hatchet-scheduled";
import { readWhen } from "../time/entry.ts";
import type { Zone } from "../time/zone.ts";
import type { CreateDraft } from "./draft.ts";
import { type JsonReading, readJsonObject } from "./json.ts";

export interface CreateReading {
  workflow: string;
  at: number | undefined;
  input: JsonReading;
  metadata: JsonReading;
  /** Set when everything is there. */
  request: CreateScheduledRun | undefined;
}

/** One of the user's own says what becomes of a run that is there with it. The other is never drawn twice. */
function keyOf({ ownKey, onExisting, key }: CreateDraft): Pick<CreateScheduledRun, "idempotencyKey" | "onExisting"> {
  const own = ownKey.trim();
  return own === "" ? { idempotencyKey: key } : { idempotencyKey: own, onExisting };
}

export function readCreateDraft(draft: CreateDraft, zone: Zone, now: number): CreateReading {
  const workflow = draft.workflow.trim();
  const { at } = readWhen(draft.when, zone, now);
  const input = readJsonObject(draft.input);
  const metadata = readJsonObject(draft.metadata);
  const ready = workflow !== "" && at !== undefined && input.ok && metadata.ok;
  return {
    workflow, at, input, metadata,
    request: ready
      ? { triggerAt: new Date(at), input: input.value, additionalMetadata: metadata.value, priority: draft.priority, ...keyOf(draft) }
      : undefined,
  };
}
