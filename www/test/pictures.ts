/** Takes the pictures that the README shows and the tests compare with: `npm run pictures`. */

import { mkdir, writeFile } from "node:fs/promises";
import UPNG from "upng-js";
import { launch } from "./support/browser.ts";
import { folder, pictures, startServers, take } from "./support/pictures.ts";

/** As many colours as the page needs: an eighth of the bytes, and nothing to be seen of it. */
function inFewColours(png: Buffer): Buffer {
  const image = UPNG.decode(png);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, 64));
}

await mkdir(folder, { recursive: true });
const browser = await launch();
const servers = await startServers();
try {
  for (const picture of pictures) {
    const bytes = inFewColours(await take(browser, servers, picture));
    await writeFile(folder + picture.file, bytes);
    console.log(`${picture.file} ${(bytes.length / 1024).toFixed(0)} KB`);
  }
} finally {
  await browser.close();
  for (const server of Object.values(servers)) await server.stop();
}
