import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "../support/browser.ts";
import { compare, type Difference, folder, pictures, type Servers, startServers, take } from "../support/pictures.ts";

const LARGEST = 60 * 1024;

let browser: Browser;
let servers: Servers;

before(async () => {
  browser = await launch();
  servers = await startServers();
});

after(async () => {
  await browser?.close();
  for (const server of Object.values(servers ?? {})) await server.stop();
});

const looksTheSame = ({ mean, worst }: Difference) => mean < 1.5 && worst < 0.12;
const shown = ({ mean, worst }: Difference) => `mean ${mean.toFixed(2)} of 255, worst square ${worst.toFixed(3)}`;

for (const picture of pictures) {
  test(`${picture.file} shows the page as it is`, async () => {
    const kept = await readFile(folder + picture.file);
    assert.ok(kept.length <= LARGEST, `${kept.length} bytes`);
    const difference = await compare(browser, kept, await take(browser, servers, picture));
    assert.ok(looksTheSame(difference), `${shown(difference)}; if the change is meant, \`npm run pictures\` takes new ones (in DejaVu Sans, Debian's fonts-dejavu-core)`);
  });
}

test("a picture of another state does not pass for the page", async () => {
  const [list, move] = await Promise.all(["list.png", "move.png"].map((file) => readFile(folder + file)));
  assert.ok(list && move);
  assert.ok(!looksTheSame(await compare(browser, list, move)));
});
