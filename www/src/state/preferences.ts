/** Theme, zone and hidden columns, kept for the next visit. */

import { hideable } from "../list/columns.ts";
import { findZone } from "../time/zone.ts";
import type { App } from "./app.ts";
import type { State, Theme } from "./state.ts";
import { keep, recall } from "./storage.ts";

const KEY = "hatchet-scheduled.preferences";
const themes: readonly Theme[] = ["auto", "light", "dark"];

export function restorePreferences(app: App): void {
  try {
    const saved = JSON.parse(recall("localStorage", KEY) ?? "{}") as Record<string, unknown>;
    const theme = themes.find((name) => name === saved.theme);
    const zone = typeof saved.zone === "string" && (saved.zone === "local" || findZone(saved.zone)) ? saved.zone : undefined;
    const hiddenColumns = Array.isArray(saved.hiddenColumns) ? hideable(saved.hiddenColumns) : [];
    app.set({ hiddenColumns, ...(theme ? { theme } : {}), ...(zone ? { zone } : {}) });
  } catch {
    // It may hold something else; the defaults serve.
  }
}

export function watchPreferences(app: App): void {
  const kept = ({ theme, zone, hiddenColumns }: State) => ({ theme, zone, hiddenColumns });
  let last = kept(app.state);
  app.onChange(() => {
    const { theme, zone, hiddenColumns } = app.state;
    if (theme === last.theme && zone === last.zone && hiddenColumns === last.hiddenColumns) return;
    last = kept(app.state);
    keep("localStorage", KEY, JSON.stringify(last));
  });
}
