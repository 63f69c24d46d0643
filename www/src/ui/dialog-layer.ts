/** Dialogs come in a part of the bundle of their own, fetched when the first one is opened. Without one there are the toasts. */

import type { App } from "../state/app.ts";
import { nothing, type TemplateResult } from "./html.ts";
import { toastList } from "./toasts.ts";

let dialogs: typeof import("./dialogs.ts") | undefined;
let loading = false;

export function dialogLayer(app: App): TemplateResult | typeof nothing {
  if (app.state.dialog && dialogs) return dialogs.openDialog(app);
  if (app.state.dialog && !loading) void load(app);
  return toastList(app);
}

async function load(app: App): Promise<void> {
  loading = true;
  try {
    dialogs = await import("./dialogs.ts");
    app.set({});
  } catch {
    app.closeDialog();
    app.toast("This part of the page could not be loaded. Is the server that serves it reachable?", { tone: "warning" });
  } finally {
    loading = false;
  }
}
