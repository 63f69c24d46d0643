/** Results as a table. */
import { cpus } from "node:os";

import { PEERS } from "./options.mjs";

const PEER_TITLES = { typescript: "official TypeScript", python: "official Python" };

/** The machine and the day. */
export function circumstances() {
  const all = cpus();
  return { processor: all[0]?.model.trim(), cores: all.length, node: process.version.slice(1), date: new Date().toISOString().slice(0, 10) };
}

export function headline({ processor, cores, node, date }) {
  return `Medians, in brackets quartiles; ratios and differences are over plain fetch. ${date}, Node ${node}, ${cores} cores (${processor}).`;
}

/** The cells of a table, its head first. */
export function cellsOf(results, packages) {
  const peers = PEERS.filter((peer) => results.some(({ figures }) => figures[peer]));
  const head = ["", "plain fetch"];
  for (const { name } of packages) head.push(name, "over plain", "goals, met or not");
  const rows = results.map((result) => {
    const row = [result.title, shown(result, "plain")];
    for (const { name } of packages) row.push(shown(result, name), versusOf(result, name), goalsOf(result, name));
    return [...row, ...peers.map((peer) => (result.versus[peer] ? versusOf(result, peer) : ""))];
  });
  return [[...head, ...peers.map((peer) => PEER_TITLES[peer])], ...rows];
}

/** Lines on calls in which a contestant makes another number of requests than plain fetch. */
export function remarks(results) {
  const differing = results.filter(({ requests }) => requests && new Set(Object.values(requests)).size > 1);
  return differing.map(({ title, requests }) => {
    const each = Object.entries(requests).map(([name, count]) => `${name} ${count.toLocaleString("en")}`);
    return `Requests of ${title}: ${each.join(", ")}.`;
  });
}

/** Markdown, to paste. */
export function markdown(cells) {
  const line = (row) => `| ${row.join(" | ")} |`;
  const [head, ...rows] = cells;
  return [line(head), `|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(line)].join("\n");
}

/** In columns, to read. */
export function columns(cells) {
  const plain = cells.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  const widths = plain[0].map((_, column) => Math.max(...plain.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0])));
  return plain.map((row) => line(row).join("  ").trimEnd()).join("\n");
}

function versusOf({ versus, by, unit }, name) {
  const { median, lower, upper, samples } = versus[name];
  const one = by === "ratio" ? (value) => value.toFixed(2) : (value) => `${value < 0 ? "−" : "+"}${precise(Math.abs(value))}`;
  const spread = samples > 1 ? ` (${one(lower)}–${one(upper)})` : "";
  return by === "ratio" ? one(median) + spread : `${one(median)}${spread} ${unit}`;
}

function goalsOf({ goals, by, unit }, name) {
  const limit = (most) => (by === "ratio" ? `≤ ${most}` : `≤ +${most} ${unit}`);
  const texts = { goal: limit, stretch: (most) => `stretch ${limit(most)}`, ahead: () => "ahead" };
  return (goals[name] ?? []).map(({ what, most, met }) => `${texts[what](most)} ${met ? "✓" : "✗"}`).join(", ");
}

function shown({ figures, unit }, name) {
  return figures[name] ? `${precise(figures[name].median)} ${unit}` : "";
}

/** Three digits that mean something. */
function precise(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : 2);
}
