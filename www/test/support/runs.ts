/** Runs for tests, made from a seed so that a failure can be seen again. */

import type { JsonObject } from "hatchet-scheduled";
import { type Run, toRun } from "../../src/list/run.ts";

export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface RunParts {
  id?: string;
  at?: number;
  workflow?: string;
  priority?: number;
  metadata?: JsonObject | null;
  method?: "API" | "DEFAULT";
  createdAt?: number;
}

export const base = Date.parse("2026-11-23T18:00:00Z");

export function makeRun(number: number, parts: RunParts = {}): Run {
  const id = parts.id ?? `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const createdAt = new Date(parts.createdAt ?? base - 86_400_000).toISOString();
  return toRun({
    metadata: { id, createdAt, updatedAt: createdAt },
    tenantId: "707d0855-80ab-4e1f-a156-f1c4546cbf52",
    workflowId: "11111111-1111-4111-8111-111111111111",
    workflowVersionId: "11111111-1111-4111-8111-111111111111",
    workflowName: parts.workflow ?? "send-email",
    triggerAt: new Date(parts.at ?? base + number * 60_000).toISOString(),
    input: {},
    additionalMetadata: parts.metadata ?? {},
    method: parts.method ?? "API",
    priority: parts.priority ?? 1,
  });
}

const workflows = ["send-email", "send-reminder", "generate-invoice", "sync-crm"];
const values = ["acme", "globex", 5, "5", true, null, "https://x", "a:b=c"];

export function randomRuns(count: number, seed: number): Run[] {
  const random = makeRandom(seed);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: count }, (_, number) =>
    makeRun(number, {
      at: base + Math.floor((random() - 0.1) * 14 * 86_400_000),
      workflow: pick(workflows),
      priority: 1 + Math.floor(random() * 3),
      metadata: { customer: pick(values), [pick(["env", "team", "a=b"])]: pick(values) },
      method: random() < 0.05 ? "DEFAULT" : "API",
    }),
  );
}
