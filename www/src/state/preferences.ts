/** Theme and zone, kept for the next visit. */

import { findZone } from "../time/zone.ts";
import type { App } from "./app.ts";
import type { Theme } from "./state.ts";
import { keep, recall } from "./storage.ts";

const KEY = "hatchet-scheduled.preferences";
const themes: readonly Theme[] = ["auto", "light", "dark"];

export function restorePreferences(app: App): void {
  try {
    const saved = JSON.parse(recall("localStorage", KEY) ?? "{}") as Record<string, unknown>;
    const theme = themes.find((name) => name === saved.theme);
    const zone = typeof saved.zone === "string" && (saved.zone === "local" || findZone(saved.zone)) ? saved.zone : undefined;
    app.set({ ...(theme ? { theme } : {}), ...(zone ? { zone } : {}) });
  } catch {
    // It may hold something else; the defaults serve.
  }
  applyTheme(app.state.theme);
}

export function watchPreferences(app: App): void {
  let last = { theme: app.state.theme, zone: app.state.zone };
  app.onChange(() => {
    const { theme, zone } = app.state;
    if (theme === last.theme && zone === last.zone) return;
    last = { theme, zone };
    applyTheme(theme);
    keep("localStorage", KEY, JSON.stringify(last));
  });
}

function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}
