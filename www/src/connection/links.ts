/** Links into Hatchet's own pages. */

import { html, type TemplateResult } from "../ui/html.ts";

/** Addresses with `{server}`, `{tenant}`, `{run}` and `{workflow}` where those go. */
export interface LinkTemplates {
  run?: string | undefined;
  workflow?: string | undefined;
}

/** Where Hatchet's own pages stand. What answers elsewhere, as a handler does, has none that is known. */
export const HATCHETS: LinkTemplates = {
  run: "{server}/tenants/{tenant}/runs/{run}",
  workflow: "{server}/tenants/{tenant}/workflows/{workflow}",
};

/** The address that a template comes to; `undefined` where it is none that may be gone to. */
export function fill(template: string, values: Readonly<Record<string, string>>): string | undefined {
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return name === "server" ? value.replace(/\/+$/, "") : encodeURIComponent(value);
  });
  if (!URL.canParse(text, globalThis.location?.href)) return undefined;
  const { protocol, href } = new URL(text, globalThis.location?.href);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}

/** The content as a link, or alone where there is no address. */
export function linked(href: string | undefined, content: unknown): TemplateResult {
  return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${content}</a>` : html`${content}`;
}
