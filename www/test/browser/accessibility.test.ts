import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { assertAccessible, assertNoSidewaysScroll, launch, open } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { states } from "../support/states.ts";

const servers = {} as Record<"full" | "empty" | "closed", Server>;
let browser: Browser;

before(async () => {
  browser = await launch();
  servers.full = await Server.start({ seed: 600 });
  servers.empty = await Server.start();
  servers.closed = await Server.start({ demo: false });
});

after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) await server.stop();
});

for (const state of states) {
  for (const width of [1440, 320]) {
    test(`${state.name}, ${width} px: no accessibility rule is broken in light or dark`, async () => {
      const server = servers[state.on];
      await server.faults();
      await state.before?.(server);
      const { page, close } = await open(browser, `${server.ready.url}/${state.query ?? ""}`, { viewport: { width, height: 800 } });
      try {
        await state.reach(page, server);
        await assertNoSidewaysScroll(page, state.name);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await assertAccessible(page, `${state.name}, ${colorScheme}`);
        }
      } finally {
        await close();
      }
    });
  }
}
