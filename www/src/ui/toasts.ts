/** Short messages at the bottom, with their way back where there is one. */

import type { App } from "../state/app.ts";
import type { Toast } from "../state/state.ts";
import { html, nothing, type TemplateResult } from "./html.ts";
import { icon } from "./icons.ts";

export function toastList(app: App): TemplateResult {
  const { toasts, now } = app.state;
  return html`<div class="toasts" role="status" aria-live="polite">${toasts.map((toast) => toastView(app, toast, now))}</div>`;
}

function toastView(app: App, toast: Toast, now: number): TemplateResult {
  const { action } = toast;
  const press = () => {
    app.dismissToast(toast.id);
    action?.run();
  };
  return html`<div class="toast ${toast.tone}">
    <span class="text">${toast.text}${toast.countdown ? html`<span aria-hidden="true"> in ${Math.max(0, Math.ceil((toast.until - now) / 1000))} s</span>` : nothing}</span>
    ${action ? html`<button type="button" class="small" @click=${press}>${action.label}</button>` : nothing}
    ${toast.countdown ? nothing : html`<button type="button" class="quiet square small" aria-label="Dismiss" @click=${() => app.dismissToast(toast.id)}>${icon("close")}</button>`}
  </div>`;
}
