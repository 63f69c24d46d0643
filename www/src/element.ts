/** The dashboard as a custom element, and mounted by hand. */

import { ScheduledClient } from "hatchet-scheduled";
import type { Dashboard, DashboardOptions } from "./dashboard.ts";
import type { Theme } from "./state/state.ts";
import { readAddress } from "./state/url.ts";
import { css } from "./style/index.ts";

/** Where there is no page nothing happens: the module may be imported, and the element is not made. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;
const THEMES: readonly Theme[] = ["auto", "light", "dark"];

let sheet: CSSStyleSheet | undefined;

/** One for all, and no element of style, which a page's policy may forbid. */
function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

export class ScheduledRuns extends Base {
  #client: ScheduledClient | undefined;
  #dashboard: Dashboard | undefined;

  /** Instead of one for the server that the attribute names. Counts from when the element is put into the page. */
  get client(): ScheduledClient | undefined {
    return this.#client;
  }

  set client(client: ScheduledClient | undefined) {
    this.#client = client;
  }

  connectedCallback(): void {
    this.#takeProperties();
    void this.#start();
  }

  /** What was set before the element was known is a property of its own, which hides the one here. */
  #takeProperties(): void {
    if (!Object.hasOwn(this, "client")) return;
    const { client } = this;
    delete (this as { client?: ScheduledClient | undefined }).client;
    this.client = client;
  }

  /** What draws is fetched only now: it cannot even be loaded where there is no document. */
  async #start(): Promise<void> {
    const { Dashboard } = await import("./dashboard.ts");
    if (!this.isConnected) return;
    this.#dashboard ??= new Dashboard(this.#root(), this.#options());
    await this.#dashboard.start();
  }

  disconnectedCallback(): void {
    // One that is moved is back at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#dashboard?.stop();
    });
  }

  #root(): ShadowRoot {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles()];
    return root;
  }

  #options(): DashboardOptions {
    const serverUrl = this.getAttribute("server-url") ?? undefined;
    const client = this.#client ?? (serverUrl === undefined ? undefined : new ScheduledClient({ serverUrl, token: null }));
    const search = this.getAttribute("filters");
    return {
      client: client && { client, serverUrl: serverUrl ?? addressOf(client) },
      readOnly: this.hasAttribute("read-only"),
      theme: THEMES.find((theme) => theme === this.getAttribute("theme")),
      ownsAddress: this.getAttribute("url") === "sync",
      links: { ...given("run", this.getAttribute("run-url")), ...given("workflow", this.getAttribute("workflow-url")) },
      ...(search === null ? {} : { filter: readAddress(`?${search}`).filter }),
    };
  }
}

const given = (key: string, value: string | null) => (value === null ? {} : { [key]: value });

/** Where a client asks, as far as it says so. */
function addressOf(client: ScheduledClient): string {
  const { serverUrl } = JSON.parse(JSON.stringify(client)) as { serverUrl?: string };
  return serverUrl ?? location.origin;
}

export const NAME = "scheduled-runs";

/** Makes the element known, once. */
export function define(): void {
  if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, ScheduledRuns);
}

export interface MountOptions {
  client?: ScheduledClient;
  serverUrl?: string;
  readOnly?: boolean;
  theme?: Theme;
  /** As in the address of a dashboard that has been filtered so. */
  filters?: string;
  runUrl?: string;
  workflowUrl?: string;
  url?: "sync" | "none";
}

/** Puts a dashboard into an element. */
export function mountDashboard(into: Element, { client, serverUrl, readOnly, theme, filters, url, runUrl, workflowUrl }: MountOptions = {}): { unmount(): void } {
  define();
  const element = document.createElement(NAME) as ScheduledRuns;
  if (client) element.client = client;
  const attributes = { "server-url": serverUrl, "run-url": runUrl, "workflow-url": workflowUrl, theme, filters, url, "read-only": readOnly ? "" : undefined };
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  into.append(element);
  return { unmount: () => element.remove() };
}
