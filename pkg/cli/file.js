import { readFileSync } from "node:fs";

import Papa from "papaparse";
import { UsageError } from "./usage.js";

/** What a run of a file may say. */
export const COLUMNS = ["workflowName", "triggerAt", "priority", "additionalMetadata", "input", "idempotencyKey"];

/**
 * The runs of a file, or of standard input: JSON lines where the first line is an object, else CSV. `places` says of each where it
 * stands, for people.
 */
export function readRuns(file) {
  const text = readText(file);
  const place = (line) => `${file === "-" ? "standard input" : file}, line ${line}`;
  if (text.trim() === "") return { runs: [], places: [] };
  return text.trimStart().startsWith("{") ? readLines(text, place) : readCsv(text, place);
}

/** Names the runs of a refused call by where they stand in the file. */
export function byPlace(places) {
  return (message) =>
    message
      .replace(/^\w+: (?:runs|wanted)\[(\d+)\](?:\.|: )/, (_, index) => `${places[index]}: `)
      .replace(/ of wanted\[(\d+)\];/, (_, index) => ` of ${places[index]};`);
}

function readText(file) {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
}

function readLines(text, place) {
  const [runs, places] = [[], []];
  text.split("\n").forEach((content, index) => {
    if (content.trim() === "") return;
    const where = place(index + 1);
    runs.push(checked(parsed(content, where), where));
    places.push(where);
  });
  return { runs, places };
}

function readCsv(text, place) {
  const [runs, places] = [[], []];
  const breaks = (part) => part.match(/\r\n|\r|\n/g)?.length ?? 0;
  let [end, line] = [0, 1];
  // Papa counts rows; a cell may have lines of its own, and lines without anything are no rows.
  const step = ({ data, errors, meta: { cursor } }) => {
    const rest = text.slice(end, cursor);
    end = cursor;
    const cells = Object.values(data).flat().reduce((sum, cell) => sum + breaks(cell), 0);
    const where = place(line + breaks(rest.trimEnd()) - cells);
    line += breaks(rest);
    if (errors.length > 0) throw new UsageError(`${where}: ${errors[0].message}`);
    runs.push(checked(runOf(data, where), where));
    places.push(where);
  };
  Papa.parse(text, { header: true, skipEmptyLines: "greedy", step });
  return { runs, places };
}

function runOf(row, where) {
  const run = {};
  for (const [name, cell] of Object.entries(row)) {
    if (cell === "") continue;
    const value = cell.replace(/^'(?=[=+\-@\t\r])/, "");
    run[name] = name === "input" || name === "additionalMetadata" ? parsed(value, `${where}: ${name}`) : name === "priority" ? Number(value) : value;
  }
  return run;
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
