/** What the command tells, and hands to others: never the token. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import test, { after } from "node:test";

import { SECRET } from "../support/fake.mjs";
import { folder } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const cli = join(folder, "dist/cli.js");
const server = await startServer(["--seed", "5"]);
const place = mkdtempSync(join(tmpdir(), "hatchet-security-"));
after(async () => {
  rmSync(place, { recursive: true });
  await server.stop();
});
const ABSENT = "99999999-9999-4999-8999-999999999999";
const wanted = join(place, "wanted.jsonl");
writeFileSync(wanted, '{"workflowName":"simple","triggerAt":"2031-01-01T00:00:00Z","key":"a"}\n');

const at = ["--at", "2031-01-01T00:00:00Z"];
/** Every command that ends by itself. */
const COMMANDS = {
  list: [["list"], ["list", "--limit", "x"]],
  get: [["get", ABSENT], ["get", "x"], ["get"]],
  create: [["create", "simple", ...at], ["create", "nobody", ...at], ["create", "simple", "--in", "soon"], ["create", "simple", ...at, "--input", "{"]],
  move: [["move", ABSENT, ...at], ["move", "--all", "--by", "1h", "--dry-run"]],
  delete: [["delete", ABSENT], ["delete", "--all", "--dry-run"]],
  trigger: [["trigger", ABSENT]],
  follow: [["follow", ABSENT]],
  runs: [["runs"]],
  pause: [["pause", "nobody"]],
  unpause: [["unpause", "nobody"]],
  export: [["export"], ["export", "--nothing"]],
  import: [["import", wanted], ["import", join(place, "absent")]],
  apply: [["apply", wanted, "--dry-run"], ["apply", join(place, "absent")]],
};
/** These run until they are ended. */
const STAY = ["demo", "serve", "dashboard", "watch"];

const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HATCHET_")));
/** With which settings commands are tried. */
const SETTINGS = {
  "a server": { HATCHET_CLIENT_TOKEN: server.token },
};
const secrets = [SECRET, server.token.split(".")[2]];
const holds = (text) => secrets.some((secret) => text.includes(secret));

const run = (given, settings) =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...given], { env: { ...own, TZ: "UTC", DEBUG: "*", ...settings }, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }));
    child.stdin.end();
  });

test("every command is among those that are tried", async () => {
  const { text } = await run(["--help"], {});
  const named = [...text.matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, name]) => name);
  assert.deepEqual(named.toSorted(), [...Object.keys(COMMANDS), ...STAY].toSorted());
});

for (const [name, settings] of Object.entries(SETTINGS)) {
  test(`no command's output holds the token, with ${name}`, async () => {
    const cases = Object.values(COMMANDS).flat().flatMap((given) => (name === "a server" ? [given, [...given, "--json"]] : [given]));
    const codes = new Set();
    // A few at a time, as each is a process.
    const lines = [cases.filter((_, index) => index % 2), cases.filter((_, index) => index % 2 === 0)].map(async (line) => {
      for (const given of line) {
        const { code, text } = await run(given, settings);
        codes.add(code);
        assert.ok(!holds(text), `${given.join(" ")}: ${text}`);
      }
    });
    await Promise.all(lines);
    assert.equal(codes.has(0), name === "a server", `${[...codes]}`);
  });
}

/** Starts a command that stays, with a browser that writes down what it was started with. */
async function stay(t, given, settings) {
  const tools = mkdtempSync(join(place, "tools-"));
  const noted = join(tools, "noted");
  for (const opener of ["xdg-open", "open"]) {
    writeFileSync(join(tools, opener), `#!/bin/sh\n{ echo "$@"; env; } > "${noted}.part"\nmv "${noted}.part" "${noted}"\n`);
    chmodSync(join(tools, opener), 0o755);
  }
  const child = spawn(process.execPath, [cli, ...given], { env: { ...own, DEBUG: "*", ...settings, PATH: `${tools}${delimiter}${process.env.PATH}` } });
  t.after(() => child.kill());
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  const until = async (done) => {
    for (const end = Date.now() + 30_000; !done(); await setTimeout(20)) assert.ok(Date.now() < end && child.exitCode === null, output);
  };
  return { child, noted, until, output: () => output };
}

test("the browser that the dashboard opens gets the link, and neither the token nor any other setting", async (t) => {
  const { noted, until, output } = await stay(t, ["dashboard"], { ...SETTINGS["a server"], HATCHET_CLIENT_NAMESPACE: "" });
  await until(() => existsSync(noted));
  const text = readFileSync(noted, "utf8");
  assert.match(text, /^http:\/\/127\.0\.0\.1:\d+\/open\?key=/);
  assert.match(text, /^PATH=/m);
  assert.doesNotMatch(text, /HATCHET_CLIENT/i);
  assert.ok(!holds(text) && !holds(output()));
});

test("a command that stays shows the token in neither its output, its arguments nor its title", { skip: process.platform === "linux" ? false : "there is no /proc here" }, async (t) => {
  for (const given of [["dashboard", "--no-open"], ["watch"], ["watch", "--json"], ["demo", "--no-open", "--seed", "1"], ["serve"]]) {
    const { child, until, output } = await stay(t, given, SETTINGS["a server"]);
    await (given[0] === "watch" ? setTimeout(1_500) : until(() => output() !== ""));
    assert.equal(child.exitCode, null, output());
    const threads = readdirSync(`/proc/${child.pid}/task`).map((id) => readFileSync(`/proc/${child.pid}/task/${id}/comm`, "utf8"));
    assert.ok(!holds(readFileSync(`/proc/${child.pid}/cmdline`, "latin1")) && !holds(threads.join()) && !holds(output()), given.join(" "));
    child.kill();
  }
});
