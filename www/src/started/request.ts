/** Opens the list of what fired; reading it comes with the dialogs' part of the bundle. */

import type { App } from "../state/app.ts";
import type { Fired } from "./state.ts";

export async function showFired(app: App): Promise<void> {
  const fired: Fired = { runs: undefined, isCut: false, isReading: true, problem: undefined };
  app.openDialog({ kind: "fired", fired });
  const isOpen = app.whileOpen();
  // Where it cannot be loaded the dialog cannot either, and that is told.
  const part = await import("./fired.ts").catch(() => undefined);
  if (isOpen()) await part?.readFired(app, fired);
}
