/** Real browsers, which open a page that sends its result to the tests: no driver is between them. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { emptyFolder } from "./folders.mjs";
import { start } from "./processes.mjs";

const TIMEOUT_MS = 60_000;
// The last one has what pages write to the console written to stdout.
const PREFERENCES = `
  user_pref("browser.aboutwelcome.enabled", false);
  user_pref("browser.shell.checkDefaultBrowser", false);
  user_pref("datareporting.policy.dataSubmissionEnabled", false);
  user_pref("network.captive-portal-service.enabled", false);
  user_pref("network.connectivity-service.enabled", false);
  user_pref("devtools.console.stdout.content", true);
`;
const CHROMIUM_FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--enable-logging=stderr",
];
const BROWSERS = {
  Chromium: (profile) => [
    process.env.CHROMIUM,
    [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`],
  ],
  Firefox: (profile) => {
    writeFileSync(join(profile, "user.js"), PREFERENCES);
    return [process.env.FIREFOX, ["--headless", "--no-remote", "--profile", profile]];
  },
};

/**
 * Has a page opened by each browser in turn, and gives what it sends: of the first browser where it is not well, else
 * of the last. `make` is told where the result is to be sent, and gives the page's `address` and, where there are any, the
 * `requests` that its site was asked for, and `flags` for the browser.
 */
export async function inBrowsers(make, names = Object.keys(BROWSERS)) {
  const inbox = await openInbox();
  try {
    const page = await make(inbox.url);
    let result;
    for (const name of names) {
      result = await visit(name, page, inbox);
      if (Object.values(result).some((told) => told !== "ok")) return { browser: name, ...result };
    }
    return result;
  } finally {
    inbox.close();
  }
}

async function visit(name, page, inbox) {
  const profile = emptyFolder();
  const [program, options] = BROWSERS[name](profile);
  if (!program) throw new Error(`${name.toUpperCase()} is not set: run \`cargo xtask test --only runtimes\``);
  const browser = start(program, [...options, ...(page.flags ?? []), page.address], { env: { MOZ_CRASHREPORTER_DISABLE: "1" } });
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const ended = browser.ended.then((result) => Promise.reject(new Error(`it ended with ${result}`)));
    const [letter] = await Promise.race([once(inbox.letters, "letter", { signal }), ended]);
    return letter;
  } catch (error) {
    const asked = page.requests?.join(", ") ?? "what, is not known";
    throw new Error(`nothing came from ${name} (${error.message}). The page's site was asked for: ${asked}. ${name} wrote:\n${browser.output()}`);
  } finally {
    over.abort();
    await browser.stop();
  }
}

async function openInbox() {
  const server = createServer(async (request, response) => {
    const letter = await text(request);
    response.writeHead(204, { "access-control-allow-origin": "*" }).end();
    server.emit("letter", JSON.parse(letter));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    letters: server,
    close: () => server.close() && server.closeAllConnections(),
  };
}
