/** What a file of tests in the browser stands on. */

import { after, afterEach, before } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";
import type { Server } from "./server.ts";

export interface Stage {
  browser: Browser;
  /** Started by a test, and stopped after it. */
  server: Server;
}

/** One browser for a file, and a server for each of its tests. */
export function stage(): Stage {
  const stage = {} as Stage;
  before(async () => {
    stage.browser = await launch();
  });
  afterEach(async () => {
    await stage.server?.stop();
  });
  after(async () => {
    await stage.browser?.close();
  });
  return stage;
}
