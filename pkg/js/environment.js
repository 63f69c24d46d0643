const NAMES = [
  "HATCHET_CLIENT_TOKEN",
  "HATCHET_CLIENT_TENANT_ID",
  "HATCHET_CLIENT_SERVER_URL",
  "HATCHET_CLIENT_API_URL",
  "HATCHET_CLIENT_NAMESPACE",
];

/**
 * The HATCHET_CLIENT_* variables that are set. A page has none; in Deno only what is permitted already is read, as
 * asking would stop the program at a prompt.
 */
export function readEnvironment() {
  const found = {};
  for (const name of NAMES) {
    const value = readVariable(name);
    if (typeof value === "string") found[name] = value;
  }
  return found;
}

function readVariable(name) {
  try {
    const { Deno, process } = globalThis;
    if (!Deno) return process?.env?.[name];
    const permitted = Deno.permissions.querySync({ name: "env", variable: name }).state === "granted";
    return permitted ? Deno.env.get(name) : undefined;
  } catch {
    return undefined;
  }
}
