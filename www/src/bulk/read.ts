/** What a reschedule form comes to, as far as it is filled in. */

import { readWhen } from "../time/entry.ts";
import { parseShift } from "../time/relative.ts";
import type { Zone } from "../time/zone.ts";
import type { BulkDraft } from "./draft.ts";
import { type Move, type MovePlan, planMove } from "./plan.ts";

export type DraftReading = { move: Move; plan: MovePlan; problem: undefined } | { move: undefined; plan: undefined; problem: string | undefined };

const open = (problem?: string): DraftReading => ({ move: undefined, plan: undefined, problem });

/** The plan a draft stands for, or what is still missing; a field that is merely empty is no problem yet. */
export function readBulkDraft(draft: BulkDraft, zone: Zone, now: number): DraftReading {
  const move = readMove(draft, zone, now);
  if (typeof move === "string" || move === undefined) return open(move);
  try {
    return { move, plan: planMove(draft.runs, move, zone, now), problem: undefined };
  } catch (error) {
    if (error instanceof RangeError) return open(error.message);
    throw error;
  }
}

function readMove(draft: BulkDraft, zone: Zone, now: number): Move | string | undefined {
  switch (draft.kind) {
    case "set": {
      const at = readWhen(draft.when, zone, now).at;
      return at === undefined ? undefined : { kind: "set", at };
    }
    case "shift": {
      if (!draft.shift.trim()) return undefined;
      const shift = parseShift(draft.shift);
      if (shift === undefined) return "Say how far, such as +2h, −30m or 1d 12h.";
      return shift.by === 0 ? "A shift of nothing moves nothing." : { kind: "shift", ...shift, exact: draft.exact };
    }
    case "spread": {
      const from = readWhen(draft.from, zone, now).at;
      const to = readWhen(draft.to, zone, now).at;
      if (from === undefined || to === undefined) return undefined;
      return to <= from ? "The window has to end after it starts." : { kind: "spread", from, to };
    }
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(draft.date) ? { kind: "date", date: draft.date } : undefined;
  }
}
