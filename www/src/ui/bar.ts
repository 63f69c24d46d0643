/** The slim bar at the top: connection, zone, theme, help. */

import { live } from "lit-html/directives/live.js";
import { sendWaiting } from "../bulk/delete.ts";
import { disconnect } from "../connection/connect.ts";
import type { Refresher } from "../list/refresh.ts";
import type { App } from "../state/app.ts";
import type { Theme } from "../state/state.ts";
import { localZoneId } from "../time/zone.ts";
import { html, nothing, type TemplateResult } from "./html.ts";
import { icon, type IconName } from "./icons.ts";
import { menu } from "./menu.ts";

const themes: Record<Theme, { icon: IconName; next: Theme; label: string }> = {
  auto: { icon: "auto", next: "light", label: "Theme: as the system" },
  light: { icon: "sun", next: "dark", label: "Theme: light" },
  dark: { icon: "moon", next: "auto", label: "Theme: dark" },
};

export interface BarParts {
  /** The host page has connected it. */
  isGuest: boolean;
  choosesTheme: boolean;
}

export function topBar(app: App, refresher: Refresher, { isGuest, choosesTheme }: BarParts): TemplateResult {
  const theme = themes[app.state.theme];
  return html`<header class="bar">
    <span class="brand">${icon("clock")}<span>Hatchet</span></span>
    ${isGuest ? nothing : connectionMenu(app, refresher)}
    <span class="space"></span>
    ${zoneSelect(app)}
    ${choosesTheme ? html`<button type="button" class="quiet square" aria-label=${theme.label} title=${theme.label} @click=${() => app.set({ theme: theme.next })}>${icon(theme.icon)}</button>` : nothing}
    <button type="button" class="quiet square" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${() => app.openDialog({ kind: "help" })}>${icon("help")}</button>
  </header>`;
}

function connectionMenu(app: App, refresher: Refresher): TemplateResult | typeof nothing {
  const { connection, trouble } = app.state;
  if (connection.phase !== "connected") return nothing;
  const leave = () => {
    sendWaiting(app);
    disconnect(app, refresher);
  };
  return menu({
    kind: "connection",
    label: html`<span class="dot ${trouble ? "bad" : "good"}"></span><span class="host" translate="no" title=${connection.serverUrl}>${connection.demo ? "Demo" : hostOf(connection.serverUrl)}</span><span class="hidden-text">${trouble ? "has trouble" : "connected"}</span>`,
    body: html`<div class="stack">
      <dl class="facts"><dt>Server</dt><dd translate="no">${connection.serverUrl}</dd><dt>Tenant</dt><dd translate="no">${connection.tenantId}</dd></dl>
      <button type="button" @click=${leave}>Disconnect</button>
    </div>`,
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

const OTHER = "other";

function zoneSelect(app: App): TemplateResult {
  const { zone } = app.state;
  const local = localZoneId();
  const change = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    if (select.value !== OTHER) app.set({ zone: select.value });
    else {
      app.openDialog({ kind: "zone", text: "" });
      select.value = zone;
    }
  };
  return html`<select class="zone" aria-label="Time zone" title=${zone === "local" ? local : zone} .value=${live(zone)} @change=${change}>
    <option value="local" translate="no" ?selected=${zone === "local"}>Local · ${local}</option>
    <option value="UTC" translate="no" ?selected=${zone === "UTC"}>UTC</option>
    ${zone !== "local" && zone !== "UTC" ? html`<option value=${zone} translate="no" selected>${zone}</option>` : nothing}
    <option value=${OTHER}>Other zone…</option>
  </select>`;
}
