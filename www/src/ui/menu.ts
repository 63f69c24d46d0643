/** A button that opens a small panel below it. */

import { html, type TemplateResult } from "./html.ts";

export interface MenuParts {
  label: unknown;
  body: unknown;
  /** Marks the button as one whose panel changes something now in force. */
  on?: boolean;
  align?: "start" | "end";
  kind?: string;
}

export function menu({ label, body, on = false, align = "start", kind = "" }: MenuParts): TemplateResult {
  return html`<details class="menu ${align} ${kind}" name="menu">
    <summary class="button ${on ? "on" : ""}">${label}</summary>
    <div class="panel">${body}</div>
  </details>`;
}

export function closeMenus(root: ParentNode): void {
  for (const open of root.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) open.open = false;
}

/** Panels close when something outside is pressed or focused, and on Escape, which gives the focus back. */
export function watchMenus(root: ShadowRoot, signal: AbortSignal): void {
  const closeUnlessInside = (event: Event) => {
    const [target] = event.composedPath();
    const inside = target instanceof Element ? target.closest("details.menu") : null;
    for (const open of root.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) if (open !== inside) open.open = false;
  };
  document.addEventListener("pointerdown", closeUnlessInside, { signal });
  document.addEventListener("focusin", closeUnlessInside, { signal });
  // Within, a focus that moves is not told outside.
  root.addEventListener("focusin", closeUnlessInside, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = root.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (!open) return;
    event.stopImmediatePropagation();
    open.open = false;
    open.querySelector("summary")?.focus();
  }, { capture: true, signal });
}
