import { ScheduledClient } from "hatchet-scheduled";

/** An input of 4 MiB, the most that Hatchet can hand to a worker, and what is around it. */
const BODY_BYTES = 4 * 1024 * 1024 + 64 * 1024;
const LIMITS = { bodyBytes: BODY_BYTES, listRuns: 20_000, requests: 32 };
const KEYS = ["access", "client", "caller", "cors", "dashboard", "limits", "onEvent"];

/** Checks the options of a handler, and makes them whole. */
export function readOptions(options) {
  if (typeof options !== "object" || options === null) refuse("options", "expected an object with an `access` function");
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) refuse(`options.${unknown}`, `unknown key: known keys are ${KEYS.join(", ")}`);
  const { access, client, caller, cors, dashboard = false, limits = {}, onEvent } = options;
  if (typeof dashboard !== "boolean") refuse("options.dashboard", "expected a boolean");
  if (typeof access !== "function") refuse("options.access", "missing: a function that says what the caller of a request may do; nothing is allowed unsaid");
  for (const [name, value] of Object.entries({ caller, onEvent })) {
    if (value !== undefined && typeof value !== "function") refuse(`options.${name}`, "expected a function");
  }
  return { access, caller, dashboard, onEvent, origins: readOrigins(cors), limits: readLimits(limits), client: later(() => makeClient(client)) };
}

function readOrigins(cors) {
  if (cors === undefined) return [];
  const origins = cors?.origins;
  if (!Array.isArray(origins)) refuse("options.cors", "expected { origins: [...] }");
  for (const origin of origins) {
    if (typeof origin !== "string" || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      refuse("options.cors.origins", `${typeof origin === "string" ? JSON.stringify(origin) : `a ${typeof origin}`} is no origin: a scheme and a host, for example https://app.example`);
    }
  }
  return [...origins];
}

function readLimits(given) {
  if (typeof given !== "object" || given === null) refuse("options.limits", "expected an object");
  const limits = { ...LIMITS };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(LIMITS, key)) refuse(`options.limits.${key}`, `unknown key: known keys are ${Object.keys(LIMITS).join(", ")}`);
    if (!Number.isInteger(value) || value < 1) refuse(`options.limits.${key}`, "expected a whole number from 1 up");
    limits[key] = value;
  }
  return limits;
}

/** A client that repeats nothing: that is for the caller's own, which knows what it wants. */
function makeClient(given) {
  return given instanceof ScheduledClient ? given : new ScheduledClient({ maxRetries: 0, ...given });
}

/** Made by the first request: an app is built where its secrets are not. */
function later(make) {
  let made;
  return () => (made ??= make());
}

function refuse(path, reason) {
  throw new TypeError(`createHandler: ${path}: ${reason}`);
}
