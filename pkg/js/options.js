import { ValidationError } from "./errors.js";
import { unknownKey } from "./keys.js";
import { clock } from "./platform.js";
import { invalid } from "./reading.js";
import { describe, isRecord, kind } from "./values.js";

const TYPES = {
  token: ["string", "function"],
  serverUrl: ["string"],
  tenantId: ["string"],
  namespace: ["string"],
  timeoutMs: ["number"],
  totalTimeoutMs: ["number"],
  maxRetries: ["number"],
  headers: ["object"],
  fetch: ["function"],
  onEvent: ["function"],
  intercept: ["function"],
};

/** The clock of `hatchet-scheduled/testing`, by which a client's waits go on when a test says so. */
export const CLOCK = Symbol.for("hatchet-scheduled.clock");

/** The option that a variable stands for. */
const OPTION_OF = {
  HATCHET_CLIENT_TOKEN: "token",
  HATCHET_CLIENT_TENANT_ID: "tenantId",
  HATCHET_CLIENT_SERVER_URL: "serverUrl",
  HATCHET_CLIENT_API_URL: "serverUrl",
  HATCHET_CLIENT_NAMESPACE: "namespace",
};

/**
 * What can be told of the options before the WebAssembly is there: keys, types, and that there is a token at all.
 * Returns a copy, so that what the caller does to the object later changes nothing here.
 */
export function checkOptions(options, environment) {
  try {
    return check(options, environment);
  } catch (thrown) {
    throw thrown instanceof ValidationError ? thrown : invalid(undefined, "options", `reading it failed: ${describe(thrown)}`);
  }
}

function check(options, environment) {
  if (options === undefined) options = {};
  if (typeName(options) !== "object") refuse("options", `expected an object, got ${typeName(options)}`);
  const checked = { [CLOCK]: options[CLOCK] };
  for (const [key, value] of Object.entries(options)) {
    const path = `options.${key}`;
    const types = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
    if (!types) refuse(path, unknownKey(key, Object.keys(TYPES)));
    if (value === undefined) continue;
    const isNone = key === "token" && value === null;
    if (!isNone && !types.includes(typeName(value))) refuse(path, `expected a ${types.join(" or a ")}, got ${typeName(value)}`);
    if (key === "maxRetries") checkCount(value, path);
    checked[key] = key === "headers" ? checkHeaders(value, path) : value;
  }
  checkVariables(checked, environment);
  const isAsked = checked.serverUrl === undefined || typeof checked.token === "string";
  if (isAsked && !isPresent(checked.token) && !isPresent(variables(checked, environment).HATCHET_CLIENT_TOKEN)) {
    refuse(
      "options.token",
      "missing: pass a token, or set HATCHET_CLIENT_TOKEN where the runtime has an environment; or, in a page, pass as serverUrl the address of a handler of hatchet-scheduled/server, which needs none",
    );
  }
  return checked;
}

/** Refuses variables that count and still have the quotes of an environment file. Their values stay untold. */
function checkVariables(options, environment) {
  for (const [name, value] of Object.entries(environment)) {
    const option = OPTION_OF[name];
    if (options[option] === undefined && /^\s*(["']).*\1\s*$/.test(value)) {
      refuse(name, `begins and ends with quotes, which whatever set the variable left in it; set it without them, or pass options.${option}`);
    }
  }
}

/** The variables that count: a token of the environment is for Hatchet, and not for what a page's own server answers. */
function variables({ token, serverUrl }, environment) {
  if (token !== null && !isRelative(serverUrl)) return environment;
  const { HATCHET_CLIENT_TOKEN, ...others } = environment;
  return others;
}

function isRelative(serverUrl) {
  return serverUrl !== undefined && /^\s*\.{0,2}\//.test(serverUrl);
}

/** The whole address. Asked for late, as a page's code may be loaded on a server first. */
function resolved(serverUrl) {
  if (!isRelative(serverUrl)) return serverUrl;
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (!/^https?:/.test(page ?? "")) {
    refuse("options.serverUrl", "is relative, and there is no page here that it could be relative to; give the whole address");
  }
  return new URL(serverUrl.trim(), page).href;
}

/** What the WebAssembly reads: the options that are values, and the variables under the names of options. */
export function settingsOf({ token, fetch, onEvent, intercept, ...options }, found) {
  const environment = variables({ token, ...options }, found);
  const values = { ...options, serverUrl: resolved(options.serverUrl) };
  return {
    options: typeof token === "string" ? { token, ...values } : values,
    environment: {
      token: environment.HATCHET_CLIENT_TOKEN,
      tenantId: environment.HATCHET_CLIENT_TENANT_ID,
      serverUrl: environment.HATCHET_CLIENT_SERVER_URL,
      apiUrl: environment.HATCHET_CLIENT_API_URL,
      namespace: environment.HATCHET_CLIENT_NAMESPACE,
    },
  };
}

/** What a client's waits go by. */
export function clockOf(options) {
  return options[CLOCK] ?? clock;
}

/** The caller's functions, as the WebAssembly calls them: it ignores what `onEvent` throws. */
export function hooksOf({ token, fetch, onEvent, ...options }) {
  const hooks = { clock: clockOf(options), onWarning };
  if (typeof token === "function") hooks.token = () => ask(token);
  if (fetch) hooks.fetch = fetch;
  if (onEvent) hooks.onEvent = onEvent;
  return hooks;
}

/** Where nobody listens, this is told all the same; other warnings come with what calls give. */
function onWarning({ warning }) {
  if (warning?.code === "plain-http") console.warn(`hatchet-scheduled: ${warning.message}`);
}

/** Neither what a token function gives nor what it throws gets into a message: both may hold the token. */
async function ask(token) {
  try {
    const given = await token();
    if (typeof given === "string") return given;
    return { message: `the token function gave ${kind(given)} instead of a string`, caused: false };
  } catch (cause) {
    return { message: "the token function failed", caused: true, cause };
  }
}

function checkHeaders(headers, path) {
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    if (typeof value !== "string") refuse(`${path}[${JSON.stringify(name)}]`, `expected a string, got ${typeName(value)}`);
  }
  return Object.fromEntries(entries);
}

function checkCount(value, path) {
  if (!Number.isInteger(value)) refuse(path, `expected a whole number, got ${value}`);
  if (value < 0) refuse(path, `must be a whole number from 0 up, got ${value}`);
}

function isPresent(token) {
  return typeof token === "function" || (typeof token === "string" && token.trim() !== "");
}

function typeName(value) {
  return isRecord(value) || typeof value !== "object" ? typeof value : kind(value).replace(/^an? /, "");
}

function refuse(path, reason) {
  throw invalid(undefined, path, reason);
}
