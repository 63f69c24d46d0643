/**
 * Loads Temporal where the runtime lacks it. Everything under `time/` relies on the global, so the page
 * and the tests await this once before they do anything else.
 */
export async function ensureTemporal(): Promise<void> {
  if (!("Temporal" in globalThis)) await import("temporal-polyfill/global");
}
