/** Takes every state of the page, in both themes and three widths, into a folder: `npm run screenshots -- FOLDER [STATE…]`. */

import { mkdir } from "node:fs/promises";
import { launch, open } from "./support/browser.ts";
import { Server } from "./support/server.ts";
import { states } from "./support/states.ts";

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) throw new Error("Say which folder the screenshots go to.");
await mkdir(folder, { recursive: true });

const browser = await launch();
const servers = { full: await Server.start({ seed: 3_000 }), empty: await Server.start(), closed: await Server.start({ demo: false }) };
try {
  for (const state of states.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    for (const [width, height] of [[1440, 900], [768, 1000], [320, 700]] as const) {
      const server = servers[state.on];
      await server.faults();
      await state.before?.(server);
      const { page, close } = await open(browser, `${server.ready.url}/${state.query ?? ""}`, { viewport: { width, height } });
      await state.reach(page, server);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${folder}/${state.name.replaceAll(" ", "-")}-${width}-${colorScheme}.png` });
      }
      await close();
    }
    console.log(state.name);
  }
} finally {
  await browser.close();
  for (const server of Object.values(servers)) await server.stop();
}
