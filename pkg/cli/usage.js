import { parseArgs } from "node:util";

/** What was typed is not understood. */
export class UsageError extends Error {}

const HELP_OPTION = { type: "boolean", short: "h" };

/**
 * Reads what a command was given, by its `options` and the names of its `positionals`, of which one that ends in "…" may be
 * there any number of times; `undefined` where its help was asked for, and shown.
 */
export function readOptions(given, { help, options, positionals = [] }) {
  let read;
  try {
    read = parseArgs({ args: given, options: { ...options, help: HELP_OPTION }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals: texts } = read;
  if (values.help) {
    process.stdout.write(help);
    return undefined;
  }
  const isOpen = positionals.at(-1)?.endsWith("…");
  const missing = positionals.find((name, place) => !name.endsWith("…") && texts[place] === undefined);
  if (missing) throw new UsageError(`${missing} is missing`);
  if (!isOpen && texts.length > positionals.length) throw new UsageError(`unexpected ${JSON.stringify(texts[positionals.length])}`);
  return { ...values, texts };
}

/** The port that was asked for. */
export function portOf({ port }) {
  const number = Number(port);
  if (port.trim() === "" || !Number.isInteger(number) || number < 0 || number > 65_535) throw new UsageError(`--port: expected a number from 0 to 65535, got ${port}`);
  return number;
}

/** An option that counts. */
export function countOf(options, name) {
  const text = options[name];
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--${name}: expected a whole number, got ${text}`);
  return Number(text);
}

/** An option that is a JSON object. */
export function objectOf(options, name) {
  if (options[name] === undefined) return undefined;
  let value;
  try {
    value = JSON.parse(options[name]);
  } catch (error) {
    throw new UsageError(`--${name}: expected a JSON object: ${error.message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UsageError(`--${name}: expected a JSON object, such as '{"to": "ada@example.com"}'`);
  return value;
}

/** Metadata as `key=value`, any number of times. */
export function metadataOf({ metadata = [] }) {
  const pairs = metadata.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--metadata: expected key=value, got ${text}`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** Options that say which runs, and the query that they come to. */
export const FILTER = { workflow: { type: "string" }, metadata: { type: "string", multiple: true } };

export function filterOf(options) {
  const additionalMetadata = metadataOf(options);
  return { ...(options.workflow === undefined ? {} : { workflowName: options.workflow }), ...(additionalMetadata && { additionalMetadata }) };
}
