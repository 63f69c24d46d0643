/** One dashboard in a shadow root: its state, and one draw for every change. */

import type { ScheduledClient } from "hatchet-scheduled";
import { render } from "lit-html";
import { SURELY_SENT, sendWaiting } from "./bulk/delete.ts";
import { learnAccess, onlyReads } from "./connection/access.ts";
import { attach, resume } from "./connection/connect.ts";
import { HATCHETS, type LinkTemplates } from "./connection/links.ts";
import { connectView } from "./connection/view.ts";
import { requestCreate } from "./create/request.ts";
import { closeRun, openRun } from "./detail/commands.ts";
import { detailPanel } from "./detail/view.ts";
import type { Filter } from "./filters/filter.ts";
import { filterRow } from "./filters/view.ts";
import { Grid } from "./list/grid.ts";
import { Refresher } from "./list/refresh.ts";
import { noSelection } from "./list/selection.ts";
import { actionBar, banner, changesPill, emptyList, titleRow } from "./list/view.ts";
import { lookForPauses } from "./pauses/pauses.ts";
import { watchBecame } from "./started/became.ts";
import { type WatchedAddress, watchAddress } from "./state/address.ts";
import { App } from "./state/app.ts";
import { restorePreferences, watchPreferences } from "./state/preferences.ts";
import type { Theme } from "./state/state.ts";
import { onRefusal } from "./state/storage.ts";
import { ensureTemporal } from "./time/temporal.ts";
import { Timeline } from "./timeline/view.ts";
import { topBar } from "./ui/bar.ts";
import { dialogLayer } from "./ui/dialog-layer.ts";
import { html, nothing, renewed } from "./ui/html.ts";
import { shortcutOf } from "./ui/keys.ts";
import { watchMenus } from "./ui/menu.ts";

export interface DashboardOptions {
  /** Asks Hatchet. Without one the user connects with a token. */
  client?: { client: ScheduledClient; serverUrl: string } | undefined;
  readOnly?: boolean;
  /** Instead of what the user chooses. */
  theme?: Theme | undefined;
  /** Whether the address of the page is the dashboard's own. */
  ownsAddress?: boolean;
  filter?: Partial<Filter>;
  links?: LinkTemplates;
}

/** Up to this width it is laid out as on a phone. */
const PHONE = 640;

export class Dashboard {
  readonly #app: App;
  readonly #refresher: Refresher;
  readonly #grid: Grid;
  readonly #timeline: Timeline;
  readonly #options: DashboardOptions;
  readonly #element: HTMLElement;
  readonly #frame: HTMLElement;
  #running: AbortController | undefined;
  #address: WatchedAddress | undefined;
  #begun = false;
  #scheduled = false;
  #edition = 0;
  #width = Number.POSITIVE_INFINITY;

  constructor(root: ShadowRoot, options: DashboardOptions) {
    this.#options = options;
    this.#element = document.createElement("div");
    this.#element.className = "dashboard";
    this.#frame = this.#element.appendChild(document.createElement("div"));
    this.#frame.className = "frame";
    root.append(this.#element);
    this.#app = new App(root);
    this.#refresher = new Refresher(this.#app);
    this.#grid = new Grid(this.#app, () => this.#refresher.pointerMoved());
    this.#timeline = new Timeline(this.#app);
    // What the host page connects is no server of Hatchet's whose pages are known.
    this.#app.links = { ...(options.client ? {} : HATCHETS), ...options.links };
    if (options.filter) this.#app.set({ filter: { ...this.#app.state.filter, ...options.filter } });
    if (options.readOnly) this.#app.may = onlyReads;
  }

  /** Begins, or goes on after a stop with what was there. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#app.running = signal;
    await ensureTemporal();
    if (signal.aborted) return;
    this.#listen(signal);
    if (!this.#begun) return this.#begin();
    this.#address?.listen(signal);
    if (this.#app.client) this.#refresher.start(this.#app.client);
    if (!this.#app.knowsAccess) this.#learnAccess();
    this.#schedule();
  }

  /** Ends all that goes on by itself; what waits for its undo is sent. */
  stop(): void {
    if (!this.#running) return;
    sendWaiting(this.#app);
    this.#running.abort();
    this.#running = undefined;
    this.#refresher.stop();
  }

  async #begin(): Promise<void> {
    const app = this.#app;
    this.#begun = true;
    const { client, theme, ownsAddress } = this.#options;
    onRefusal(() => {
      app.toast("This browser keeps nothing for this page: the connection, the theme and the time zone are gone once it is reloaded.", {
        tone: "warning", until: app.now() + 20_000,
      });
    });
    restorePreferences(app);
    if (theme) app.set({ theme });
    if (ownsAddress) this.#address = watchAddress(app);
    this.#address?.listen(app.running);
    watchPreferences(app);
    app.onChange(() => this.#schedule());
    watchBecame(app);
    app.onChange(() => lookForPauses(app));
    this.#schedule();
    this.#learnAccess();
    if (client) await attach(app, this.#refresher, client.client, client.serverUrl);
    else await resume(app, this.#refresher);
    this.#address?.openLinkedRun((id) => void openRun(app, id));
  }

  #learnAccess(): void {
    const { client, readOnly } = this.#options;
    if (client) void learnAccess(this.#app, client.client, readOnly ? onlyReads : () => true);
  }

  #listen(signal: AbortSignal): void {
    const app = this.#app;
    watchMenus(app.root, signal);
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    addEventListener("online", () => this.#refresher.now(), { signal });
    addEventListener("beforeunload", (event) => {
      if (app.state.hidden.size > SURELY_SENT || app.state.job) event.preventDefault();
    }, { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) sendWaiting(app);
      else this.#refresher.now();
    }, { signal });
    addEventListener("pagehide", () => sendWaiting(app), { signal });
    const timer = setInterval(() => this.#tick(), 1000);
    const resized = new ResizeObserver(([entry]) => {
      const before = this.#isPhone;
      this.#width = entry?.contentRect.width ?? this.#width;
      if (this.#isPhone !== before) this.#schedule();
    });
    resized.observe(this.#element);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      resized.disconnect();
    });
  }

  get #isPhone(): boolean {
    return this.#width <= PHONE;
  }

  #page() {
    const { connection } = this.#app.state;
    const listed = connection.phase === "connected" || connection.phase === "resuming";
    const { ownsAddress, theme } = this.#options;
    return html`${topBar(this.#app, this.#refresher, { isGuest: this.#options.client !== undefined, choosesTheme: theme === undefined })}
      <div class="main ${listed ? "" : "centred"}" role=${ownsAddress ? "main" : "region"} aria-label=${ownsAddress ? nothing : "Scheduled runs"}>
        ${listed ? this.#listPage() : connection.phase === "starting" ? nothing : connectView(this.#app, this.#refresher)}
      </div>
      ${dialogLayer(this.#app)}`;
  }

  #listPage() {
    const app = this.#app;
    return html`<div class="list" ?inert=${app.state.detail !== undefined && this.#isPhone}>
        ${titleRow(app)} ${banner(app, this.#refresher)} ${app.derived.present.length > 0 ? this.#timeline.view() : nothing} ${filterRow(app)}
        <div class="grid-frame">${this.#grid.view()} ${emptyList(app)} ${changesPill(app, this.#refresher)}</div>
        ${actionBar(app)}
      </div>
      ${detailPanel(app)}`;
  }

  /** Draws before the next event is handled, so that what answers it has been made from the state as it is. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      try {
        this.#draw();
      } catch (error) {
        console.warn("The page was changed from outside, and is made anew.", error);
        this.#drawAnew();
      }
    });
  }

  #draw(): void {
    this.#element.dataset.theme = this.#app.state.theme;
    render(renewed(this.#edition, this.#page()), this.#frame);
  }

  /** Where a translator has taken away what lit-html finds its places by, nothing can be mended. */
  #drawAnew(): void {
    const { root } = this.#app;
    const focusable = () => [...root.querySelectorAll<HTMLElement>("button, input, select, textarea, summary, [tabindex]")];
    const focused = focusable().indexOf(root.activeElement as HTMLElement);
    const scrolled = root.querySelector(".grid")?.scrollTop ?? 0;
    this.#edition += 1;
    this.#draw();
    // Dialogs open, and take the focus, after they were drawn.
    setTimeout(() => {
      root.querySelector(".grid")?.scrollTo(0, scrolled);
      focusable()[focused]?.focus({ preventScroll: true });
    });
  }

  /** Once a second the times move on, and what is over goes. */
  #tick(): void {
    const app = this.#app;
    const now = app.now();
    app.set({ now, toasts: app.state.toasts.filter((toast) => toast.until > now) });
    this.#refresher.settle();
  }

  /** Keys are the dashboard's while the focus is in it; where the page is its own, also while it is nowhere. */
  #onKey(event: KeyboardEvent): void {
    const app = this.#app;
    const { state, root } = app;
    const isMeant = event.composedPath().includes(root) || (this.#options.ownsAddress && document.activeElement === document.body);
    if (!isMeant || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || state.dialog || state.connection.phase !== "connected") return;
    const [target] = event.composedPath();
    const typing = target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      if (typing) (target as HTMLElement).blur();
      else if (state.detail) closeRun(app);
      else app.set({ selection: noSelection });
      return;
    }
    if (typing) return;
    const key = shortcutOf(event);
    if (key === "/") root.getElementById("search")?.focus();
    else if (key === "n" && app.may("create")) requestCreate(app);
    else if (key === "?") app.openDialog({ kind: "help" });
    else return;
    event.preventDefault();
  }
}
