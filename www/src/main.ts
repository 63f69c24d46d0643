/** Starts the page: state from the address and the session, then one render for every change. */

import { render } from "lit-html";
import { SURELY_SENT, sendWaiting } from "./bulk/delete.ts";
import { resume } from "./connection/connect.ts";
import { connectView } from "./connection/view.ts";
import { requestCreate } from "./create/request.ts";
import { closeRun, openRun } from "./detail/commands.ts";
import { detailPanel } from "./detail/view.ts";
import { filterRow } from "./filters/view.ts";
import { Grid } from "./list/grid.ts";
import { Refresher } from "./list/refresh.ts";
import { noSelection } from "./list/selection.ts";
import { actionBar, banner, changesPill, emptyList, titleRow } from "./list/view.ts";
import { watchAddress } from "./state/address.ts";
import { App } from "./state/app.ts";
import { restorePreferences, watchPreferences } from "./state/preferences.ts";
import { onRefusal } from "./state/storage.ts";
import { ensureTemporal } from "./time/temporal.ts";
import { Timeline } from "./timeline/view.ts";
import { topBar } from "./ui/bar.ts";
import { dialogLayer } from "./ui/dialog-layer.ts";
import { html, nothing, renewed } from "./ui/html.ts";
import { shortcutOf } from "./ui/keys.ts";
import { watchMenus } from "./ui/menu.ts";

await ensureTemporal();

const app = new App();
const refresher = new Refresher(app);
const grid = new Grid(app, () => refresher.pointerMoved());
const timeline = new Timeline(app);

function page() {
  const { connection } = app.state;
  const listed = connection.phase === "connected" || connection.phase === "resuming";
  return html`${topBar(app, refresher)}
    <main class=${listed ? "" : "centred"}>
      ${listed ? listPage() : connection.phase === "starting" ? nothing : connectView(app, refresher)}
    </main>
    ${dialogLayer(app)}`;
}

const phone = matchMedia("(max-width: 640px)");

function listPage() {
  return html`<div class="list" ?inert=${app.state.detail !== undefined && phone.matches}>
      ${titleRow(app)} ${banner(app, refresher)} ${app.derived.present.length > 0 ? timeline.view() : nothing} ${filterRow(app)}
      <div class="grid-frame">${grid.view()} ${emptyList(app)} ${changesPill(app, refresher)}</div>
      ${actionBar(app)}
    </div>
    ${detailPanel(app)}`;
}

let scheduled = false;
/** Draws before the next event is handled, so that what answers it has been made from the state as it is. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    try {
      draw();
    } catch (error) {
      console.warn("The page was changed from outside, and is made anew.", error);
      drawAnew();
    }
  });
}

let edition = 0;
function draw(): void {
  render(renewed(edition, page()), document.body);
}

/** Where a translator has taken away what lit-html finds its places by, nothing can be mended. */
function drawAnew(): void {
  const focusable = () => [...document.querySelectorAll<HTMLElement>("button, input, select, textarea, summary, [tabindex]")];
  const focused = focusable().indexOf(document.activeElement as HTMLElement);
  const scrolled = document.querySelector(".grid")?.scrollTop ?? 0;
  edition += 1;
  draw();
  // Dialogs open, and take the focus, after they were drawn.
  setTimeout(() => {
    document.querySelector(".grid")?.scrollTo(0, scrolled);
    focusable()[focused]?.focus({ preventScroll: true });
  });
}

/** Once a second the times move on, and what is over goes. */
function tick(): void {
  const now = app.now();
  app.set({ now, toasts: app.state.toasts.filter((toast) => toast.until > now) });
  refresher.settle();
}

function onKey(event: KeyboardEvent): void {
  const { state } = app;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || state.dialog || state.connection.phase !== "connected") return;
  const typing = event.target instanceof Element && event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    if (typing) (event.target as HTMLElement).blur();
    else if (state.detail) closeRun(app);
    else app.set({ selection: noSelection });
    return;
  }
  if (typing) return;
  const key = shortcutOf(event);
  if (key === "/") document.getElementById("search")?.focus();
  else if (key === "n") requestCreate(app);
  else if (key === "?") app.openDialog({ kind: "help" });
  else return;
  event.preventDefault();
}

onRefusal(() => {
  app.toast("This browser keeps nothing for this page: the connection, the theme and the time zone are gone once it is reloaded.", {
    tone: "warning", until: app.now() + 20_000,
  });
});
restorePreferences(app);
const address = watchAddress(app);
watchPreferences(app);
watchMenus();
app.onChange(schedule);
document.addEventListener("keydown", onKey);
addEventListener("online", () => refresher.now());
addEventListener("beforeunload", (event) => {
  if (app.state.hidden.size > SURELY_SENT || app.state.job) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) sendWaiting();
  else refresher.now();
});
addEventListener("pagehide", sendWaiting);
setInterval(tick, 1000);
schedule();
await resume(app, refresher);
address.openLinkedRun((id) => void openRun(app, id));
