/** The page's main states at a time that stands still: the README shows them, and a test holds the page to them. */

import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { open } from "./browser.ts";
import { Server } from "./server.ts";
import { states } from "./states.ts";

export const folder = fileURLToPath(new URL("../../screenshots/", import.meta.url));

const NOW = new Date("2027-01-13T09:20:00Z");

interface Picture {
  file: string;
  state: string;
  /** Instead of the state's own. */
  query?: string;
  width: number;
  height: number;
  colorScheme: "light" | "dark";
  /** Within a page of somebody else's, in its colours. */
  inHost?: boolean;
}

const waiting = "?state=soon&state=scheduled";

export const pictures: readonly Picture[] = [
  { file: "list.png", state: "list", query: waiting, width: 1200, height: 750, colorScheme: "light" },
  { file: "move.png", state: "move by shift", query: "?workflow=send-reminder", width: 1200, height: 750, colorScheme: "light" },
  { file: "detail-dark.png", state: "detail", width: 1200, height: 750, colorScheme: "dark" },
  { file: "week-dark.png", state: "week", query: `${waiting}&view=week`, width: 1200, height: 750, colorScheme: "dark" },
  { file: "phone.png", state: "list", query: waiting, width: 320, height: 640, colorScheme: "light" },
  { file: "host.png", state: "list", query: waiting, width: 1200, height: 750, colorScheme: "light", inHost: true },
  { file: "empty.png", state: "empty", width: 1200, height: 750, colorScheme: "light" },
];

export type Servers = Record<"full" | "empty", Server>;

export async function startServers(): Promise<Servers> {
  return { full: await Server.start({ seed: 3_000, clock: NOW }), empty: await Server.start({ clock: NOW }) };
}

/** An app's page around the element, with the page's own scripts. */
function hostOf(page: string, filters: string): string {
  const style = `body { margin: 0; font: 17px/1.5 Georgia, "DejaVu Serif", serif; color: #2b2a26; background: #f4efe6; display: grid; grid-template: "top top" 56px "side main" 1fr / 190px minmax(0, 1fr); height: 100vh; }
    .top { grid-area: top; background: #23483c; color: #fff; padding: 14px 24px; font-size: 20px; } .side { grid-area: side; padding: 24px; line-height: 2.2; } .side b { color: #23483c; }
    .main { grid-area: main; padding: 20px 24px 24px 0; display: flex; flex-direction: column; gap: 12px; } .main h1 { margin: 0; font-size: 26px; font-weight: 400; }
    scheduled-runs { flex: 1; height: 0; border: 1px solid #d8cfbd; border-radius: 10px; overflow: hidden; --scheduled-runs-accent: oklch(0.44 0.08 165); --scheduled-runs-ground: #fbf8f2; --scheduled-runs-border: #e2dacb; --scheduled-runs-radius: 3px; }`;
  const host = `<style>${style}</style><div class="top">Orchard Books</div><div class="side">Orders<br>Customers<br><b>Reminders</b><br>Settings</div>
    <div class="main"><h1>Reminders on their way</h1><scheduled-runs theme="light" filters="${filters}"></scheduled-runs></div>`;
  return page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "").replace(/<link rel="stylesheet"[^>]*>/, "").replace(/<scheduled-runs[^]*?<\/scheduled-runs>/, host);
}

export async function take(browser: Browser, servers: Servers, { state: name, query, width, height, colorScheme, inHost }: Picture): Promise<Buffer> {
  const state = states.find((known) => known.name === name);
  if (!state || state.on === "closed") throw new Error(`There is no picture of the state "${name}".`);
  const server = servers[state.on];
  const { url } = server.ready;
  const prepare = async (page: Page) => {
    await page.clock.setFixedTime(NOW);
    if (inHost) await page.route(`${url}/`, async (route) => route.fulfill({ contentType: "text/html", body: hostOf(await (await fetch(url)).text(), query?.slice(1) ?? "") }));
  };
  const { page, close } = await open(browser, `${url}/${inHost ? "" : (query ?? state.query ?? "")}`, { viewport: { width, height }, colorScheme }, prepare);
  try {
    await state.reach(page, server);
    // One workflow of the seeded data is; that is learned beside the list.
    if (state.on === "full") await page.getByText("1 paused").first().waitFor({ state: "attached" });
    return await page.screenshot({ caret: "hide" });
  } finally {
    await close();
  }
}

export interface Difference {
  /** The mean difference in brightness, of 255. */
  mean: number;
  /** That of the square where it is greatest: 1 where everything in it changed from black to white. */
  worst: number;
}

/** Compares square by square, so that another machine's way to smooth a letter is no difference and a missing one is. */
export async function compare(browser: Browser, one: Buffer, other: Buffer): Promise<Difference> {
  const page = await browser.newPage();
  try {
    return (await page.evaluate(`(async ([one, other]) => {
      const SQUARE = 24;
      const brightness = async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const columns = Math.ceil(image.width / SQUARE);
        const squares = new Float64Array(columns * Math.ceil(image.height / SQUARE));
        for (let y = 0; y < image.height; y += 1) {
          for (let x = 0; x < image.width; x += 1) {
            const at = 4 * (y * image.width + x);
            squares[Math.floor(y / SQUARE) * columns + Math.floor(x / SQUARE)] += (data[at] + data[at + 1] + data[at + 2]) / (3 * SQUARE * SQUARE);
          }
        }
        return { size: image.width + " x " + image.height, squares };
      };
      const [a, b] = [await brightness(one), await brightness(other)];
      if (a.size !== b.size) throw new Error("One is " + a.size + ", the other " + b.size + " pixels.");
      const differences = [...a.squares].map((value, index) => Math.abs(value - b.squares[index]));
      return { mean: differences.reduce((sum, difference) => sum + difference, 0) / differences.length, worst: Math.max(...differences) / 255 };
    })(${JSON.stringify([one.toString("base64"), other.toString("base64")])})`)) as Difference;
  } finally {
    await page.close();
  }
}
