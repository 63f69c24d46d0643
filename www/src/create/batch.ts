/** Many runs as JSON lines: one object a line, checked line by line before anything is sent. */

import type { BulkCreate, JsonObject, JsonValue } from "hatchet-scheduled";
import { parseTimeEntry } from "../time/entry.ts";
import type { Zone } from "../time/zone.ts";
import { readJsonObject } from "./json.ts";

export interface BatchProblem {
  /** Counted from 1, as editors do. */
  line: number;
  message: string;
}

export interface BatchReading {
  runs: BulkCreate[];
  /** The line that each run stands on. */
  lines: string[];
  problems: BatchProblem[];
}

const KEYS = ["workflowName", "triggerAt", "input", "additionalMetadata", "priority", "idempotencyKey"];

export function readBatch(text: string, zone: Zone, now: number): BatchReading {
  const reading: BatchReading = { runs: [], lines: [], problems: [] };
  text.split("\n").forEach((line, index) => {
    if (!line.trim()) return;
    const run = readLine(line, zone, now);
    if (typeof run === "string") reading.problems.push({ line: index + 1, message: run });
    else {
      reading.runs.push(run);
      reading.lines.push(line);
    }
  });
  return reading;
}

function readLine(line: string, zone: Zone, now: number): BulkCreate | string {
  const json = readJsonObject(line);
  if (!json.ok) return `column ${json.column}: ${json.message}`;
  const { workflowName, triggerAt, input = {}, additionalMetadata = {}, priority = 1, idempotencyKey, ...others } = json.value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `“${unknown}” is not known here. Known: ${KEYS.join(", ")}.`;
  if (typeof workflowName !== "string" || !workflowName) return "workflowName is missing.";
  if (typeof triggerAt !== "string") return "triggerAt is missing: a time such as 2026-12-24T08:00:00Z, or “in 2h”.";
  const time = parseTimeEntry(triggerAt, zone, now);
  if (time.kind === "empty") return "triggerAt is empty.";
  if (time.kind === "unreadable") return `triggerAt: ${time.message}`;
  if (time.kind !== "instant") return `triggerAt: ${zone.id} has that time ${time.kind === "twice" ? "twice" : "not at all"}, as the clocks change. Give it with an offset.`;
  if (!isObject(input)) return "input has to be an object.";
  if (!isObject(additionalMetadata)) return "additionalMetadata has to be an object.";
  if (priority !== 1 && priority !== 2 && priority !== 3) return "priority is 1, 2 or 3.";
  if (idempotencyKey !== undefined && (typeof idempotencyKey !== "string" || idempotencyKey === "")) return "idempotencyKey has to be a text.";
  const run: BulkCreate = { workflowName, triggerAt: new Date(time.at), input, additionalMetadata, priority };
  return idempotencyKey === undefined ? run : { ...run, idempotencyKey };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
