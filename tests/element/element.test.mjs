import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { compile } from "svelte/compiler";

import { folder } from "../support/package.mjs";
import { assertAccessible, bundled, openHost, POLICY, rowsOf } from "./support.mjs";

const tag = (attributes = "") => `<scheduled-runs server-url="/api/scheduled" ${attributes}></scheduled-runs>`;
const triggerAt = "2031-01-01T00:00:00Z";
const filled = (server, count = 3) => server.insertRuns({ count, workflow: "simple", triggerAt, spacingMs: 60_000 });
const styleOf = (locator, ...names) => locator.evaluate((found, wanted) => wanted.map((name) => getComputedStyle(found)[name]), names);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const HOSTILE = {
  "a reset of everything": "* { all: unset } *::before, *::after { all: unset }",
  "Tailwind's preflight": "*, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid } button, input, select { font: inherit; color: inherit; background: transparent; border-radius: 0; opacity: 1 } ol, ul, menu { list-style: none } h1, h2 { font-size: inherit; font-weight: inherit } svg { display: block; vertical-align: middle }",
  "Bootstrap's reboot": "*, ::before, ::after { box-sizing: border-box } body { font: 16px/1.5 serif; color: #212529; background: #fff } h1 { font-size: 2.5rem; margin-bottom: .5rem } label { display: inline-block } button:focus:not(:focus-visible) { outline: 0 } table { caption-side: bottom }",
  "what is inherited": "html { font: italic 700 40px/3 cursive; letter-spacing: 10px; word-spacing: 30px; text-transform: uppercase; color: red; text-align: right; direction: ltr; white-space: pre; visibility: visible; cursor: crosshair; text-indent: 50px }",
  "what hides": "button, input, dialog, header, footer, p, h1 { display: none !important } div { color: lime !important; position: static !important }",
};

for (const [name, style] of Object.entries(HOSTILE)) {
  test(`a page's styles do not reach in: ${name}`, async (t) => {
    const { page, problems, server, go } = await openHost(t, { body: `<p id="own">The host's own.</p>${tag()}`, style });
    await filled(server);
    await go();
    const row = rowsOf(page).first();
    await row.waitFor();
    assert.deepEqual(await styleOf(page.locator(".frame"), "fontSize", "fontStyle", "letterSpacing", "textTransform", "whiteSpace", "textIndent"), ["14px", "normal", "normal", "none", "normal", "0px"]);
    assert.equal((await row.boundingBox()).height, 44);
    await page.getByRole("button", { name: "Schedule a run" }).click();
    await page.getByRole("dialog").getByLabel("Workflow").waitFor();
    assert.deepEqual(problems, []);
  });
}

test("its styles do not leak out", async (t) => {
  const own = '<h1>A title</h1><p id="own">Text <button>A button</button> <input value="a"></p><table><tr><th>a</th></tr></table><div class="grid bar list main frame">boxes</div>';
  const look = (page) => page.evaluate(() => ["h1", "#own", "#own button", "#own input", "th", "body > .grid"].map((selector) => JSON.stringify({ ...getComputedStyle(document.querySelector(selector)) })));
  const bare = await openHost(t, { body: own, script: "" });
  await bare.go();
  const before = await look(bare.page);
  const { page, go } = await openHost(t, { body: `${own}${tag()}` });
  await go();
  await page.getByRole("heading", { name: "Nothing is scheduled" }).waitFor();
  assert.deepEqual(await look(page), before);
});

test("under a strict policy it works, with its styles", async (t) => {
  const { page, problems, server, go } = await openHost(t, { body: tag(), headers: { "content-security-policy": POLICY } });
  await filled(server);
  await go();
  await rowsOf(page).first().waitFor();
  assert.equal((await rowsOf(page).first().boundingBox()).height, 44);
  await page.getByRole("button", { name: "Schedule a run" }).click();
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(problems, []);
});

test("two on a page have their own state, and keys go to the one that has the focus", async (t) => {
  const { page, problems, server, go } = await openHost(t, { body: `<input id="hosts">${tag('id="one"')}${tag('id="other" filters="workflow=greeter"')}` });
  await filled(server);
  await server.insertRuns({ count: 2, workflow: "greeter", triggerAt });
  await go();
  const [one, other] = [page.locator("#one"), page.locator("#other")];
  await rowsOf(one).nth(4).waitFor();
  await rowsOf(other).nth(1).waitFor();
  assert.equal(await rowsOf(other).count(), 2);
  await rowsOf(one).first().click();
  await one.locator("dialog.detail").waitFor();
  assert.equal(await other.locator("dialog.detail").count(), 0);

  await page.locator("#hosts").focus();
  await page.keyboard.press("/");
  assert.equal(await page.locator("#hosts").inputValue(), "/", "the host's keys are its own");
  await other.locator(".grid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("nothing like it");
  await other.getByRole("heading", { name: "Nothing matches" }).waitFor();
  assert.equal(await rowsOf(one).count(), 5);
  assert.equal(new URL(page.url()).search, "", "the address is left alone");
  assert.deepEqual(problems, []);
});

test("inside a dialog of the host it works, and its own dialogs stand above", async (t) => {
  const { page, problems, server, go } = await openHost(t, { body: `<dialog id="hosts" style="width: 900px; height: 700px">${tag()}</dialog>` });
  await filled(server);
  await go();
  await page.evaluate(() => document.querySelector("#hosts").showModal());
  await rowsOf(page).first().waitFor();
  await page.getByRole("button", { name: "Schedule a run" }).click();
  await page.locator("dialog.create").getByLabel("Workflow").fill("greeter");
  await page.keyboard.press("Escape");
  await page.locator("dialog.create").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.querySelector("#hosts").open), true);
  assert.deepEqual(problems, []);
});

test("one that leaves before its first answer asks for nothing afterwards", async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const { page, problems, asked, go } = await openHost(t, { body: tag(), options: { access: async () => (await held, { allow: "write" }) } });
  const listed = page.waitForRequest((request) => request.url().includes("/workflows/scheduled"));
  await go();
  await listed;
  await page.evaluate(() => document.querySelector("scheduled-runs").remove());
  release();
  await pause(500);
  const before = asked.length;
  await pause(6_500);
  assert.deepEqual(asked.slice(before), []);
  assert.deepEqual(problems, []);
});

test("what waits for its undo in one dashboard is not sent because another one leaves", async (t) => {
  const { page, asked, server, go } = await openHost(t, { body: `${tag('id="one"')}${tag('id="other"')}` });
  await filled(server);
  await go();
  const one = page.locator("#one");
  await page.locator("#other .total", { hasText: "3 runs" }).waitFor();
  await rowsOf(one).first().click();
  await one.locator("dialog.detail").getByRole("button", { name: "Delete" }).click();
  await page.evaluate(() => document.querySelector("#other").remove());
  await pause(500);
  assert.equal(asked.filter((request) => request.startsWith("DELETE")).length, 0);
  await one.getByRole("button", { name: "Undo" }).click();
  await one.locator(".total", { hasText: "3 runs" }).waitFor();
  await rowsOf(one).first().click();
  await one.locator("dialog.detail").getByRole("button", { name: "Delete" }).click();
  const sent = page.waitForRequest((request) => request.method() === "DELETE");
  await page.evaluate(() => document.querySelector("#one").remove());
  await sent;
});

test("one that was moved goes along with Back and Forward all the same", async (t) => {
  const { page, server, go } = await openHost(t, { body: `<div id="here">${tag('url="sync"')}</div><div id="there"></div>` });
  await filled(server);
  await go();
  await rowsOf(page).first().waitFor();
  await page.evaluate(() => {
    globalThis.kept = document.querySelector("scheduled-runs");
    kept.remove();
  });
  await pause(100);
  await page.evaluate(() => document.querySelector("#there").append(kept));
  await rowsOf(page).first().click();
  await page.locator("dialog.detail").waitFor();
  await page.goBack();
  await page.locator("dialog.detail").waitFor({ state: "detached" });
  await page.goForward();
  await page.locator("dialog.detail").waitFor();
});

test("a client that was set before the element was known is the one that it asks", async (t) => {
  const script = await bundled(`import { ScheduledClient } from "hatchet-scheduled";
    document.querySelector("scheduled-runs").client = new ScheduledClient({ serverUrl: "/api/scheduled" });
    import("hatchet-scheduled/dashboard");`);
  const { page, problems, server, go } = await openHost(t, { body: "<scheduled-runs></scheduled-runs>", script });
  await filled(server);
  await go();
  await rowsOf(page).nth(2).waitFor();
  assert.deepEqual(problems, []);
});

test("in a page it breaks no rule of accessibility, in its list, its panel and its form", async (t) => {
  const { page, server, go } = await openHost(t, { body: `<main><h1>A host</h1>${tag()}</main>`, context: { reducedMotion: "reduce" } });
  await filled(server);
  await go();
  await rowsOf(page).first().waitFor();
  await assertAccessible(page);
  await rowsOf(page).first().click();
  await page.locator("dialog.detail").waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Schedule a run" }).click();
  await page.getByRole("dialog").getByLabel("Workflow").waitFor();
  await assertAccessible(page);
});

test("one that is moved keeps what it shows, one that is taken out asks for nothing, and comes back with what is new", async (t) => {
  const { page, problems, asked, server, go } = await openHost(t, { body: `<div id="here">${tag()}</div><div id="there"></div>` });
  const { ids: [first] } = await filled(server);
  await go();
  await page.locator("#here .total", { hasText: "3 runs" }).waitFor();
  await page.getByRole("checkbox", { name: "Select all 3 runs shown" }).check();
  await page.evaluate(() => document.querySelector("#there").append(document.querySelector("scheduled-runs")));
  assert.ok(await page.locator("#there").getByText("3 selected").isVisible());
  await page.locator("#there").getByRole("button", { name: "Clear the selection" }).click();

  await page.evaluate(() => {
    globalThis.kept = document.querySelector("scheduled-runs");
    kept.remove();
  });
  await pause(500);
  const before = asked.length;
  await pause(7_000);
  assert.equal(asked.length, before, `${asked.slice(before)}`);
  await server.insertRuns({ count: 2, workflow: "greeter", triggerAt });
  assert.ok(first);
  await page.evaluate(() => document.querySelector("#here").append(kept));
  await page.locator("#here .total", { hasText: "5 runs" }).waitFor();
  assert.deepEqual(problems, []);
});

test("it is laid out by its own width, whatever the window's", async (t) => {
  for (const width of [320, 480, 800, 1200]) {
    const { page, server, go } = await openHost(t, { body: `<div style="width: ${width}px">${tag()}</div>` });
    await filled(server);
    await go();
    await rowsOf(page).first().waitFor();
    const { within, frame } = await page.locator("scheduled-runs").evaluate((host) => {
      const found = host.shadowRoot.querySelector(".frame");
      return { within: found.scrollWidth <= found.clientWidth, frame: found.getBoundingClientRect().width };
    });
    assert.ok(within && frame === width, `${width} px: ${frame}`);
    await rowsOf(page).first().click();
    const panel = await page.locator("dialog.detail").boundingBox();
    assert.ok(panel.width <= width && panel.x + panel.width <= width + 10, `${width} px: the panel stays inside`);
    await page.getByRole("button", { name: "Trigger now" }).waitFor();
  }
});

test("its colours are the page's choice, or the attribute's; and the properties are heard", async (t) => {
  const lightness = (page, id) => page.locator(`${id} .frame`).evaluate((frame) => Number(/oklch\(([\d.]+)/.exec(getComputedStyle(frame).backgroundColor)?.[1]));
  const style = "html { color-scheme: dark } #own { --scheduled-runs-ground: oklch(0.5 0.1 100); --scheduled-runs-font: monospace; --scheduled-runs-radius: 0px }";
  const body = `${tag('id="auto" theme="auto"')}${tag('id="light" theme="light"')}${tag('id="own"')}`;
  const { page, go } = await openHost(t, { body, style });
  await go();
  await page.locator("#own h2", { hasText: "Nothing is scheduled" }).waitFor();
  assert.ok((await lightness(page, "#auto")) < 0.3);
  assert.ok((await lightness(page, "#light")) > 0.9);
  assert.equal(await lightness(page, "#own"), 0.5);
  assert.deepEqual(await styleOf(page.locator("#own .frame"), "fontFamily"), ["monospace"]);
  assert.deepEqual(await styleOf(page.locator("#own .primary").first(), "borderRadius"), ["0px"]);
});

test("what the user may not do is not offered, and hidden input says so", async (t) => {
  const { page, problems, server, go } = await openHost(t, { body: tag(), access: { allow: ["list", "get", "trigger"], hideInput: true } });
  await filled(server);
  await go();
  await rowsOf(page).first().click();
  const panel = page.locator("dialog.detail");
  await panel.getByText("Kept back by the server.").waitFor();
  await panel.getByRole("button", { name: "Trigger now" }).waitFor();
  for (const name of ["Reschedule…", "Clone…", "Edit input…", "Delete"]) assert.equal(await panel.getByRole("button", { name }).count(), 0, name);
  assert.equal(await page.getByRole("button", { name: "Schedule a run" }).count(), 0);
  await page.locator(".grid").focus();
  for (const key of ["Control+a", "Delete", "r", "n"]) await page.keyboard.press(key);
  assert.equal(await page.locator("dialog.modal").count(), 0);
  assert.equal(await page.getByRole("button", { name: /^(Move|Delete) / }).count(), 0);
  assert.deepEqual(problems, []);
});

test("a run whose input is hidden is not copied without it", async (t) => {
  const { page, server, go } = await openHost(t, { body: tag(), access: { allow: "write", hideInput: true } });
  await filled(server);
  await go();
  await rowsOf(page).first().click();
  const panel = page.locator("dialog.detail");
  await panel.getByRole("button", { name: "Delete" }).waitFor();
  for (const name of ["Clone…", "Edit input…"]) assert.equal(await panel.getByRole("button", { name }).count(), 0, name);
  await panel.getByRole("button", { name: "Trigger now" }).click();
  await page.getByText(/^Started/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Schedule it again" }).count(), 0);
});

test("until it is known what the user may do, only looking is offered; and it is asked until it is told", async (t) => {
  const { page, server, go } = await openHost(t, { body: tag() });
  await filled(server);
  let told = false;
  await page.route("**/access", (route) => (told ? route.continue() : route.abort()));
  await go();
  await rowsOf(page).first().click();
  await page.locator("dialog.detail").waitFor();
  assert.equal(await page.locator("dialog.detail footer").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Schedule a run" }).count(), 0);
  assert.equal(await page.getByText("Read-only").count(), 0, "nor is it called read-only");
  told = true;
  await page.locator("dialog.detail footer").getByRole("button", { name: "Delete" }).waitFor();
});

test("read-only offers nothing that changes something, whatever the user may", async (t) => {
  const { page, server, go } = await openHost(t, { body: tag("read-only") });
  await filled(server);
  await go();
  await page.getByText("Read-only").waitFor();
  await rowsOf(page).first().click();
  await page.locator("dialog.detail").waitFor();
  assert.equal(await page.locator("dialog.detail footer").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Schedule a run" }).count(), 0);
});

test("a run is scheduled, moved and deleted through a handler", async (t) => {
  const { page, problems, server, go } = await openHost(t, { body: tag(), access: { allow: "write", metadata: { team: "a" } } });
  await go();
  await page.locator(".empty").getByRole("button", { name: "Schedule a run" }).click();
  await page.getByRole("dialog").getByLabel("Workflow").fill("greeter");
  await page.getByLabel("When", { exact: true }).fill("in 2h");
  await page.getByRole("button", { name: /^Schedule in/ }).click();
  await rowsOf(page).filter({ hasText: "greeter" }).click();
  await page.locator("dialog.detail").getByText("team").waitFor();
  await page.locator("dialog.detail").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleting a run of").waitFor();
  await page.getByText(/^Deleted/).waitFor({ timeout: 20_000 });
  assert.ok(server);
  assert.deepEqual(problems, []);
});

const HOSTS = {
  React: `import { ScheduledClient } from "hatchet-scheduled";
    import "hatchet-scheduled/dashboard";
    const client = new ScheduledClient({ serverUrl: "/api/scheduled" });
    import { StrictMode, useState } from "react";
    import { createRoot } from "react-dom/client";
    function App() {
      const [shown, show] = useState(true);
      return <><button id="toggle" onClick={() => show(!shown)}>Toggle</button>{shown && <scheduled-runs client={client} />}</>;
    }
    createRoot(document.querySelector("main")).render(<StrictMode><App /></StrictMode>);`,
  Vue: `import { ScheduledClient } from "hatchet-scheduled";
    import "hatchet-scheduled/dashboard";
    const client = new ScheduledClient({ serverUrl: "/api/scheduled" });
    import { createApp, h, ref } from "vue/dist/vue.runtime.esm-bundler.js";
    const shown = ref(true);
    createApp({ render: () => [h("button", { id: "toggle", onClick: () => (shown.value = !shown.value) }, "Toggle"), shown.value ? h("scheduled-runs", { client }) : null] }).mount("main");`,
  Svelte: `import "hatchet-scheduled/dashboard";
    import { mount } from "svelte";
    import App from "./App.svelte";
    mount(App, { target: document.querySelector("main") });`,
  mountDashboard: `import { ScheduledClient } from "hatchet-scheduled";
    import { mountDashboard } from "hatchet-scheduled/dashboard";
    const main = document.querySelector("main");
    const client = new ScheduledClient({ serverUrl: "/api/scheduled" });
    let dashboard = mountDashboard(main, { client });
    const button = Object.assign(document.createElement("button"), { id: "toggle" });
    button.onclick = () => { dashboard = dashboard ? void dashboard.unmount() : mountDashboard(main, { client }); };
    document.body.prepend(button);`,
};
const svelte = {
  name: "svelte",
  setup(bundler) {
    bundler.onResolve({ filter: /\.svelte$/ }, ({ path }) => ({ path, namespace: "svelte-source" }));
    bundler.onLoad({ filter: /.*/, namespace: "svelte-source" }, () => ({
      contents: compile('<script>let shown = $state(true);</script><button id="toggle" onclick={() => (shown = !shown)}>Toggle</button>{#if shown}<scheduled-runs server-url="/api/scheduled"></scheduled-runs>{/if}', { generate: "client", filename: "App.svelte" }).js.code,
      resolveDir: import.meta.dirname,
    }));
  },
};

for (const [name, source] of Object.entries(HOSTS)) {
  test(`in a page of ${name} it comes, goes and comes again`, async (t) => {
    const { page, problems, asked, server, go } = await openHost(t, { body: "<main></main>", script: await bundled(source, [svelte]) });
    await filled(server);
    await go();
    await rowsOf(page).nth(2).waitFor();
    await page.evaluate(() => document.querySelector("#toggle").click());
    await page.locator("scheduled-runs").waitFor({ state: "detached" });
    await pause(300);
    const before = asked.length;
    await pause(6_000);
    assert.equal(asked.length, before, "nothing is asked for when it is gone");
    await page.evaluate(() => document.querySelector("#toggle").click());
    await rowsOf(page).nth(2).waitFor();
    assert.deepEqual(problems, []);
  });
}

test("importing it on a server does nothing", () => {
  for (const [options, source] of [
    [["--input-type=module"], 'const { mountDashboard } = await import("hatchet-scheduled/dashboard"); console.log(typeof mountDashboard);'],
    [["--input-type=commonjs"], 'console.log(typeof require("hatchet-scheduled/dashboard").mountDashboard);'],
  ]) {
    assert.equal(execFileSync(process.execPath, [...options, "--eval", source], { cwd: join(folder), encoding: "utf8" }), "function\n");
  }
});
