import { readFileSync } from "node:fs";

import Papa from "papaparse";
import { UsageError } from "./usage.js";

/** What a run of a file may say. */
export const COLUMNS = ["workflowName", "triggerAt", "priority", "additionalMetadata", "input", "idempotencyKey"];

/** The runs of a file, or of standard input: JSON lines where the first line is an object, else CSV. */
export function readRuns(file) {
  const text = readText(file);
  if (text.trim() === "") return [];
  return text.trimStart().startsWith("{") ? readLines(text) : readCsv(text);
}

function readText(file) {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
}

function readLines(text) {
  return text.split("\n").flatMap((content, place) => (content.trim() === "" ? [] : [checked(parsed(content, `line ${place + 1}`), `line ${place + 1}`)]));
}

function readCsv(text) {
  const { data, errors } = Papa.parse(text, { header: true, skipEmptyLines: "greedy" });
  if (errors.length > 0) throw new UsageError(`row ${(errors[0].row ?? 0) + 2}: ${errors[0].message}`);
  return data.map((row, place) => {
    const where = `row ${place + 2}`;
    const run = {};
    for (const [name, cell] of Object.entries(row)) {
      if (cell === "") continue;
      const value = cell.replace(/^'(?=[=+\-@\t\r])/, "");
      run[name] = name === "input" || name === "additionalMetadata" ? parsed(value, `${where}: ${name}`) : name === "priority" ? Number(value) : value;
    }
    return checked(run, where);
  });
}

function parsed(text, where) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where}: ${error.message}`);
  }
}

function checked(run, where) {
  if (typeof run !== "object" || run === null || Array.isArray(run)) throw new UsageError(`${where}: expected an object`);
  const unknown = Object.keys(run).find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) throw new UsageError(`${where}: unknown member ${JSON.stringify(unknown)}: known ones are ${COLUMNS.join(", ")}`);
  for (const name of ["workflowName", "triggerAt"]) if (typeof run[name] !== "string" || run[name] === "") throw new UsageError(`${where}: ${name} is missing`);
  return run;
}
