/** Dialogs come in a part of the bundle of their own, fetched when the first one is opened. Without one there are the toasts. */

import type { App } from "../state/app.ts";
import { nothing, type TemplateResult } from "./html.ts";
import { toastList } from "./toasts.ts";

let dialogs: typeof import("./dialogs.ts") | undefined;
let loading: Promise<void> | undefined;
const waiting = new WeakSet<App>();

export function dialogLayer(app: App): TemplateResult | typeof nothing {
  if (app.state.dialog && dialogs) return dialogs.openDialog(app);
  if (app.state.dialog && !waiting.has(app)) void show(app);
  return toastList(app);
}

async function show(app: App): Promise<void> {
  waiting.add(app);
  loading ??= load();
  try {
    await loading;
    app.set({});
  } catch {
    app.closeDialog();
    app.toast("This part of the page could not be loaded. Is the server that serves it reachable?", { tone: "warning" });
  } finally {
    waiting.delete(app);
  }
}

async function load(): Promise<void> {
  try {
    dialogs = await import("./dialogs.ts");
  } finally {
    loading = undefined;
  }
}
