/** Connecting and disconnecting. */

import { ScheduledClient } from "hatchet-scheduled";
import { loadFirst } from "../list/load.ts";
import type { Refresher } from "../list/refresh.ts";
import type { App } from "../state/app.ts";
import { initialState } from "../state/state.ts";
import { askForDemo, declineDemo, forgetConnection, loadConnection, type SavedConnection, saveConnection } from "./session.ts";
import { learnServerTime } from "./server-time.ts";
import { readClaims } from "./token.ts";
import { explainTrouble } from "./trouble.ts";

/** Takes up the tab's connection, or the demo's; without either the form is shown. A restarted demo has a new token. */
export async function resume(app: App, refresher: Refresher): Promise<void> {
  const saved = loadConnection();
  const wanted = saved && !saved.demo ? saved : ((await askForDemo()) ?? saved);
  if (wanted) return connect(app, refresher, wanted, "resuming");
  app.set({ connection: { phase: "none", trouble: undefined } });
}

/** The first look at the list tries the token; only then is it kept. */
export async function connect(app: App, refresher: Refresher, wanted: SavedConnection, phase: "connecting" | "resuming" = "connecting"): Promise<void> {
  const token = wanted.token.trim();
  const claims = readClaims(token);
  const serverUrl = wanted.serverUrl || claims?.serverUrl;
  app.set({ connection: { phase } });
  try {
    const client = new ScheduledClient({
      token,
      ...(wanted.serverUrl ? { serverUrl: wanted.serverUrl } : {}),
      onEvent: (event) => refresher.observe(event),
    });
    const first = await loadFirst(client, { maxRetries: 0 });
    app.client = client;
    saveConnection({ ...wanted, token });
    app.set({
      connection: { phase: "connected", serverUrl: serverUrl ?? "", tenantId: claims?.tenantId ?? "", demo: wanted.demo ?? false },
      connectDraft: { token: "", serverUrl: "" },
      now: app.now(),
      runs: first.runs,
      loaded: first.all ? "all" : "some",
    });
    refresher.start(client);
    void learnServerTime(app);
  } catch (error) {
    const trouble = explainTrouble(error, { origin: location.origin, serverUrl, online: navigator.onLine });
    if (loadConnection() && !trouble.passing) forgetConnection();
    app.set({
      connection: { phase: "none", trouble },
      connectDraft: { token, serverUrl: wanted.serverUrl ?? "" },
    });
  }
}

/** Takes a client that the host page gives, or one for the server that it names. It is not for the user to disconnect. */
export async function attach(app: App, refresher: Refresher, client: ScheduledClient, serverUrl: string): Promise<void> {
  app.client = client;
  app.set({ connection: { phase: "connected", serverUrl, tenantId: "", demo: false }, now: app.now() });
  try {
    const first = await loadFirst(client, { maxRetries: 0 });
    if (app.client !== client) return;
    app.set({ runs: first.runs, loaded: first.all ? "all" : "some" });
  } catch {
    // The refresher reads all, and says what is wrong.
  }
  refresher.start(client);
  void learnServerTime(app);
}

/** Forgets the token and everything that was read with it. */
export function disconnect(app: App, refresher: Refresher): void {
  refresher.stop();
  forgetConnection();
  declineDemo();
  app.client = undefined;
  const { zone, theme, picture, order, hiddenColumns } = app.state;
  app.set({ ...initialState(app.now()), zone, theme, picture, order, hiddenColumns, connection: { phase: "none", trouble: undefined } });
}
