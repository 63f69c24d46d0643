/** The connect form: one field is enough, for a token names its tenant and its server. */

import { live } from "lit-html/directives/live.js";
import type { Refresher } from "../list/refresh.ts";
import type { App } from "../state/app.ts";
import { formatRelative } from "../time/relative.ts";
import { formatTimeWithZone } from "../time/zone.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { connect } from "./connect.ts";
import { readClaims } from "./token.ts";

export function connectView(app: App, refresher: Refresher): TemplateResult {
  const { connection, connectDraft } = app.state;
  const busy = connection.phase === "connecting";
  const trouble = connection.phase === "none" ? connection.trouble : undefined;
  const claims = readClaims(connectDraft.token);
  const malformed = connectDraft.token.trim() !== "" && !claims;
  const set = (change: Partial<typeof connectDraft>) => app.set({ connectDraft: { ...app.state.connectDraft, ...change } });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!connectDraft.token.trim() || busy) return;
    void connect(app, refresher, { token: connectDraft.token, serverUrl: connectDraft.serverUrl.trim() || undefined });
  };
  return html`<form class="connect" @submit=${submit}>
    <h1>Connect to Hatchet</h1>
    <p class="note">Paste an API token. It stays in this tab's session and is gone when you disconnect or close the tab.</p>
    <div class="stack">
      <label class="field">
        <span>API token</span>
        <input type="password" name="token" autocomplete="off" spellcheck="false" required placeholder="eyJ…"
          aria-invalid=${malformed} aria-describedby="token-claims"
          .value=${live(connectDraft.token)} @input=${(event: Event) => set({ token: (event.target as HTMLInputElement).value })} />
      </label>
      <div id="token-claims" class="claims">${
        malformed
          ? html`<p class="problem">This is no Hatchet token: those have three parts with dots between.</p>`
          : claims ? claimsView(app, claims) : html`<p class="note">In Hatchet: Settings → API tokens → Create API token.</p>`
      }</div>
      <details class="more" ?open=${connectDraft.serverUrl !== ""}>
        <summary>Use another server address</summary>
        <label class="field">
          <span>Server address</span>
          <input type="url" name="server" placeholder=${claims?.serverUrl ?? "https://hatchet.example.com"}
            .value=${live(connectDraft.serverUrl)} @input=${(event: Event) => set({ serverUrl: (event.target as HTMLInputElement).value })} />
        </label>
      </details>
      ${trouble ? html`<div class="alert" role="alert">${icon("warn")}<div><strong>${trouble.title}</strong><p>${trouble.detail}</p>${trouble.hint ? html`<p>${trouble.hint}</p>` : nothing}</div></div>` : nothing}
      <button class="primary" type="submit" ?disabled=${busy || malformed}>${busy ? "Connecting…" : "Connect"}</button>
    </div>
  </form>`;
}

function claimsView(app: App, claims: NonNullable<ReturnType<typeof readClaims>>): TemplateResult {
  const { now } = app.state;
  const { expiresAt } = claims;
  return html`<dl class="facts">
    <dt>Server</dt><dd>${claims.serverUrl ? verbatim(claims.serverUrl) : "not in the token: give its address below"}</dd>
    <dt>Tenant</dt><dd>${claims.tenantId ? verbatim(claims.tenantId) : "not in the token"}</dd>
    ${expiresAt === undefined ? nothing : html`<dt>${expiresAt < now ? "Expired" : "Expires"}</dt>
      <dd translate="no" class=${expiresAt < now ? "problem" : ""}>${formatTimeWithZone(expiresAt, app.derived.zone, now)}, ${formatRelative(expiresAt, now)}</dd>`}
  </dl>`;
}
