import { Refusal } from "./refusal.js";

const READS = ["list", "get", "workflows", "runs"];
export const OPERATIONS = [...READS, "create", "update", "delete", "trigger", "bulkDelete", "bulkUpdate", "pause"];
const DEFAULT_MAX_ITEMS = 1_000;

/**
 * Checks what an `access` function answered, and makes it whole. What is not as it should be is a mistake of the app's, and
 * nobody is let in by it.
 */
export function readAccess(access) {
  if (!isRecord(access)) fail("expected an object or null");
  const { allow, workflows, metadata, hideInput = false, maxItems = DEFAULT_MAX_ITEMS, ...others } = access;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) fail(`unknown key ${JSON.stringify(unknown)}: known keys are allow, workflows, metadata, hideInput, maxItems`);
  if (workflows !== undefined && !isTexts(workflows)) fail("workflows: expected an array of names");
  if (metadata !== undefined && !(isRecord(metadata) && isTexts(Object.values(metadata)))) fail("metadata: expected an object of strings");
  if (typeof hideInput !== "boolean") fail("hideInput: expected a boolean");
  if (!Number.isInteger(maxItems) || maxItems < 1) fail("maxItems: expected a whole number from 1 up");
  const isShared = metadata !== undefined && Object.keys(metadata).length > 0;
  return { allow: operations(allow, isShared), workflows, metadata, hideInput, maxItems };
}

/** A pause holds back every run of its workflow, so where workflows are shared it is nobody's. */
function operations(allow, isShared) {
  if (allow === "read") return READS;
  if (allow === "write") return OPERATIONS.filter((operation) => !(isShared && operation === "pause"));
  if (!isTexts(allow)) fail('allow: expected "read", "write" or an array of operations');
  const unknown = allow.find((operation) => !OPERATIONS.includes(operation));
  if (unknown !== undefined) fail(`allow: unknown operation ${JSON.stringify(unknown)}: known ones are ${OPERATIONS.join(", ")}`);
  if (isShared && allow.includes("pause")) fail("allow: pause holds back every run of a workflow, also those without this metadata; leave one of the two out");
  return OPERATIONS.filter((operation) => allow.includes(operation));
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value) => Array.isArray(value) && value.every((text) => typeof text === "string");

function fail(reason) {
  throw new TypeError(`access: ${reason}`);
}

/** What the caller may see and change. Workflow and metadata of a run never change, so what was checked once stays so. */
export class Scope {
  constructor(access, namespace) {
    this.access = access;
    this.workflows = access.workflows && new Set(access.workflows.map((name) => withNamespace(name, namespace)));
    this.namespace = namespace;
    this.metadata = access.metadata ?? {};
    /** Whether there are runs outside of it. */
    this.isNarrow = this.workflows !== undefined || Object.keys(this.metadata).length > 0;
  }

  /** Refuses what is not allowed at all. */
  demand(operation) {
    if (!this.access.allow.includes(operation)) throw new Refusal(403, `You may not do that here: ${operation} is not allowed.`);
  }

  /** Whether a workflow with this name, as it is on the server, is within. */
  hasWorkflow(name) {
    return !this.workflows || this.workflows.has(name);
  }

  hasRun(run) {
    const metadata = run.additionalMetadata ?? {};
    return this.hasWorkflow(run.workflowName) && Object.entries(this.metadata).every(([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value);
  }

  /** The metadata of a new run. What the scope says cannot be said otherwise. */
  metadataOf(given) {
    if (given === undefined || given === null) return { ...this.metadata };
    if (!isRecord(given)) throw new Refusal(400, "It has to be an object.", { field: "additionalMetadata" });
    for (const [key, value] of Object.entries(this.metadata)) {
      if (Object.hasOwn(given, key) && given[key] !== value) {
        throw new Refusal(403, "You may not say this otherwise: it is set for you.", { field: `additionalMetadata.${key}` });
      }
    }
    return { ...given, ...this.metadata };
  }

  /** A run as the caller may see it. */
  shown(run) {
    if (!this.access.hideInput) return run;
    // What a run that started gave, and how it failed, may tell what it was given.
    const { input, output, errorMessage, children, ...others } = run;
    return others;
  }
}

export function withNamespace(name, namespace) {
  return name.startsWith(namespace) ? name : namespace + name;
}
