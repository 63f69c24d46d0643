/** Native dialogs, opened when they are rendered. What is outside is inert, so they carry the toasts and their Undo. */

import { ref } from "lit-html/directives/ref.js";
import type { App } from "../state/app.ts";
import { html, nothing, type TemplateResult, type Words } from "./html.ts";
import { icon } from "./icons.ts";
import { toastList } from "./toasts.ts";

function openModal(element: Element | undefined): void {
  if (!(element instanceof HTMLDialogElement)) return;
  queueMicrotask(() => {
    if (element.isConnected && !element.open) element.showModal();
  });
}

export interface DialogParts {
  /** Names the dialog's class, and its title's id. */
  name: string;
  title: Words;
  body: unknown;
  actions?: unknown;
  onClose: () => void;
  /** Set where nothing inside can take the focus, so that the keyboard can scroll it. */
  scrolls?: boolean;
}

export function modal(app: App, { name, title, body, actions, onClose, scrolls = false }: DialogParts): TemplateResult {
  const onCancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog class="modal ${name}" aria-labelledby="${name}-title" ${ref(openModal)} @cancel=${onCancel}>
    <header role="none">
      <h2 id="${name}-title">${title}</h2>
      <button class="quiet square" type="button" aria-label="Close" @click=${onClose}>${icon("close")}</button>
    </header>
    <div class="body" tabindex=${scrolls ? 0 : nothing} role=${scrolls ? "region" : nothing} aria-labelledby=${scrolls ? `${name}-title` : nothing}>${body}</div>
    ${actions ? html`<footer role="none">${actions}</footer>` : nothing}
    ${toastList(app)}
  </dialog>`;
}
