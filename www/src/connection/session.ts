/** Where a connection is kept: in this tab's session storage, and nowhere else. */

import { forget, keep, recall } from "../state/storage.ts";

const KEY = "hatchet-scheduled.connection";

export interface SavedConnection {
  token: string;
  /** Set where it is not the one that the token names. */
  serverUrl: string | undefined;
  /** Handed over by the demo, not pasted. */
  demo?: boolean;
}

export function loadConnection(): SavedConnection | undefined {
  try {
    const saved: unknown = JSON.parse(recall("sessionStorage", KEY) ?? "null");
    const { token, serverUrl, demo } = (saved ?? {}) as Record<string, unknown>;
    if (typeof token !== "string" || !token) return undefined;
    return { token, serverUrl: typeof serverUrl === "string" ? serverUrl : undefined, demo: demo === true };
  } catch {
    return undefined;
  }
}

export function saveConnection(connection: SavedConnection): void {
  keep("sessionStorage", KEY, JSON.stringify(connection));
}

export function forgetConnection(): void {
  forget("sessionStorage", KEY);
}

const HAND_OVER = "embedded/session.json";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const DECLINED = "hatchet-scheduled.demo-declined";

/** After a Disconnect the demo is not connected to again by itself. */
export function declineDemo(): void {
  keep("sessionStorage", DECLINED, "1");
}

/** The embedded server's demo hands its token over to the page that it serves, on this machine only. */
export async function askForDemo(): Promise<SavedConnection | undefined> {
  if (recall("sessionStorage", DECLINED) || !LOOPBACK.test(location.hostname)) return undefined;
  try {
    const response = await fetch(HAND_OVER, { headers: { accept: "application/json" } });
    if (!response.ok) return undefined;
    const { token, url } = (await response.json()) as Record<string, unknown>;
    return typeof token === "string" && typeof url === "string" ? { token, serverUrl: url, demo: true } : undefined;
  } catch {
    return undefined;
  }
}
