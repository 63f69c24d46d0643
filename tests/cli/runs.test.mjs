import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";

import { folder, ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const cli = join(folder, "dist/cli.js");
const server = await startServer(["--workflow", "send-email"]);
const place = mkdtempSync(join(tmpdir(), "hatchet-cli-"));
after(async () => {
  rmSync(place, { recursive: true });
  await server.stop();
});
const owner = new ScheduledClient({ token: server.token });
afterEach(() => owner.bulkDelete({ all: true }));

const NAMES = ["list", "get", "create", "move", "delete", "trigger", "watch", "follow", "runs", "pause", "unpause", "export", "import", "apply"];
const ABSENT = "99999999-9999-4999-8999-999999999999";
const env = { ...process.env, HATCHET_CLIENT_TOKEN: server.token, TZ: "UTC" };

/** Runs a command to its end. Whatever it says, it never tells the token. */
async function run(...options) {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...options], { env }, (error, stdout, stderr) => {
      assert.ok(!`${stdout}${stderr}`.includes(server.token));
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

async function told(...options) {
  const { code, stdout, stderr } = await run(...options);
  assert.equal(code, 0, stderr);
  return stdout;
}

const lines = (text) => text.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

test("a run is scheduled at a time as people say it, shown, moved, started and deleted", async () => {
  const [made] = lines(await told("create", "send-email", "--at", "2031-03-30 09:00", "--zone", "Europe/Berlin", "--input", '{"to":"ada"}', "--metadata", "team=a", "--metadata", "n=b=c", "--priority", "3", "--json"));
  assert.deepEqual([made.triggerAt, made.input, made.additionalMetadata, made.priority], ["2031-03-30T07:00:00Z", { to: "ada" }, { team: "a", n: "b=c" }, 3]);
  const { id } = made.metadata;
  const shown = await told("get", id, "--zone", "Europe/Berlin");
  assert.match(shown, /Sun 30 Mar 2031 09:00 \S+ +send-email +high +n=b=c team=a|team=a n=b=c/);
  assert.match(shown, /Input: \{"to":"ada"\}/);
  await told("move", id, "--by=-30m");
  assert.equal((await owner.get(id)).triggerAt, "2031-03-30T06:30:00Z");
  await told("move", id, "--at", "2032-01-01T00:00:00Z");
  assert.equal((await owner.get(id)).triggerAt, "2032-01-01T00:00:00Z");
  assert.match(await told("trigger", id), /^Started as run [0-9a-f-]{36}\.$/m);
  const { code, stderr } = await run("get", id);
  assert.equal(code, 3, stderr);
  const before = Date.now();
  const [soon] = lines(await told("create", "simple", "--in", "90m", "--key", "once", "--json"));
  const [again] = lines(await told("create", "simple", "--in", "90m", "--key", "once", "--json"));
  assert.equal(again.metadata.id, soon.metadata.id);
  assert.ok(Math.abs(Date.parse(soon.triggerAt) - before - 5_400_000) < 10_000);
  await told("delete", soon.metadata.id);
  assert.equal((await run("delete", soon.metadata.id)).code, 3);
});

test("what fits is listed, moved and deleted; and a dry run changes nothing", async () => {
  await owner.bulkCreate(Array.from({ length: 30 }, (_, index) => ({ workflowName: "simple", triggerAt: Date.UTC(2031, 0, 1, index), additionalMetadata: { team: index % 2 ? "a" : "b" } })));
  const listed = lines(await told("list", "--metadata", "team=a", "--json"));
  assert.equal(listed.length, 15);
  assert.deepEqual(listed.map(({ triggerAt }) => triggerAt), listed.map(({ triggerAt }) => triggerAt).toSorted());
  assert.equal((await told("list", "--limit", "5")).trim().split("\n").length, 6, "a head, and five");
  const dry = await told("move", "--metadata", "team=a", "--by", "1d", "--dry-run");
  assert.match(dry, /Would move 15 runs\. Nothing was moved\.[^]*Thu 2 Jan 2031 01:00/);
  assert.equal(lines(await told("list", "--metadata", "team=a", "--json"))[0].triggerAt, "2031-01-01T01:00:00Z");
  assert.match(await told("move", "--metadata", "team=a", "--by", "1d"), /^Moved 15 runs\.$/m);
  assert.equal(lines(await told("list", "--metadata", "team=a", "--json"))[0].triggerAt, "2031-01-02T01:00:00Z");
  assert.match(await told("delete", "--all", "--dry-run"), /Would delete 30 runs/);
  assert.deepEqual(lines(await told("delete", "--metadata", "team=b", "--json")), [{ done: 15, failed: 0, errors: [] }]);
  assert.equal((await owner.list()).rows.length, 15);
});

test("what cannot be done of many is told, item by item, and the exit code says so", async () => {
  const { ids: [inCode] } = await server.insertRuns({ count: 1, workflow: "simple", method: "DEFAULT" });
  const { metadata: { id } } = await owner.create("simple", { triggerAt: { in: "1h" } });
  const { code, stdout, stderr } = await run("delete", id, inCode);
  assert.deepEqual([code, /^Deleted 1 run; 1 not:$/m.test(stdout), stderr.includes(inCode)], [1, true, true], stdout + stderr);
  await owner.trigger(inCode);
});

test("runs go out and come in again as JSON lines and as CSV, once", async () => {
  const texts = ['ü "q", \n\u{1F600}', "=1+1", "'=1", "-5", ""];
  await owner.bulkCreate(texts.map((text, index) => ({ workflowName: "simple", triggerAt: Date.UTC(2031, 0, 1, index), input: { text }, additionalMetadata: { text, n: index }, priority: 1 + (index % 3), ...(index ? {} : { idempotencyKey: "own" }) })));
  const facts = async () => {
    const runs = [];
    for await (const { triggerAt, input, additionalMetadata: { idempotencyKey, ...others }, priority } of owner.iterate({ orderByField: "triggerAt", orderByDirection: "ASC" })) runs.push({ triggerAt, input, others, priority });
    return runs;
  };
  const before = await facts();
  for (const [name, ...options] of [["runs.jsonl"], ["runs.csv", "--csv"]]) {
    const file = join(place, name);
    writeFileSync(file, await told("export", ...options));
    await owner.bulkDelete({ all: true });
    assert.match(await told("import", file, "--dry-run"), /Would schedule 5 runs/);
    assert.deepEqual(await facts(), []);
    for (const _ of [1, 2]) {
      assert.match(await told("import", file), /^Scheduled 5 runs\.$/m);
      assert.deepEqual(await facts(), before, name);
    }
  }
  const twice = join(place, "twice.jsonl");
  writeFileSync(twice, '{"workflowName":"simple","triggerAt":"2031-01-01T00:00:00Z"}\n\n'.repeat(3));
  await owner.bulkDelete({ all: true });
  for (const _ of [1, 2]) await told("import", twice);
  assert.equal((await owner.list()).rows.length, 3, "three lines that say the same are three runs");
  assert.ok(readFileSync(join(place, "runs.csv"), "utf8").startsWith("workflowName,triggerAt"));
});

test("a run is followed to its end, and what started is listed", async () => {
  const [made] = lines(await told("create", "simple", "--in", "1s", "--traceable", "--json"));
  const states = lines(await told("follow", made.metadata.id, "--json"));
  assert.deepEqual([states[0].status, states.at(-1).status, states.at(-1).output], ["scheduled", "succeeded", { ok: true }]);
  assert.match(await told("follow", "--run", states.at(-1).runId), /^succeeded +run [0-9a-f-]{36}, \{"ok":true\}$/m);
  assert.ok(lines(await told("runs", "--since", "1h", "--workflow", "simple", "--json")).some(({ metadata }) => metadata.id === states.at(-1).runId));
  assert.match(await told("runs", "--since", "1h", "--status", "COMPLETED"), new RegExp(`^${states.at(-1).runId} .* simple +COMPLETED$`, "m"));
  const { metadata: { id } } = await owner.create("simple", { triggerAt: { in: "1h" } });
  const { code, stderr } = await run("follow", id);
  assert.deepEqual([code, /traceable/.test(stderr)], [2, true], stderr);
  assert.equal((await run("follow", ABSENT)).code, 3);
  assert.equal((await run("follow")).code, 2);
  assert.equal((await run("runs", "--since", "soon")).code, 2);
});

test("a pause is made, and its end is told before it comes", async () => {
  assert.match(await told("pause", "send-email"), /^Paused send-email\.$/m);
  await owner.create("send-email", { triggerAt: { in: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.match(await told("unpause", "send-email", "--dry-run"), /^Would unpause send-email: 1 overdue run fires at once, and 0 queued go on\. Nothing was changed\.$/m);
  assert.equal((await owner.workflows({ name: "send-email" }))[0].isPaused, true);
  assert.equal(lines(await told("unpause", "send-email", "--json"))[0].overdue.length, 1);
  assert.equal((await owner.workflows({ name: "send-email" }))[0].isPaused, false);
  assert.equal((await run("pause", "send-email", "--scheduled-runs", "queue")).code, 2, "it has to be said how long");
  assert.equal((await run("unpause", "absent")).code, 3);
});

test("a key's run is moved, and a file's set is made what it says", async () => {
  const at = (hour) => `2031-01-01T0${hour}:00:00Z`;
  const create = (...options) => told("create", "simple", "--key", "k", "--json", ...options);
  const [first] = lines(await create("--at", at(1)));
  const [moved] = lines(await create("--at", at(2), "--on-existing", "move"));
  assert.deepEqual([moved.metadata.id, moved.triggerAt], [first.metadata.id, at(2)]);
  const file = join(place, "wanted.jsonl");
  const wanted = (runs) => writeFileSync(file, Object.entries(runs).map(([key, hour]) => JSON.stringify({ workflowName: "simple", triggerAt: at(hour), idempotencyKey: key })).join("\n"));
  wanted({ k: 3, l: 4 });
  const dry = await told("apply", file, "--workflow", "simple", "--dry-run");
  assert.match(dry, /^create +planned +l [^]*^move +planned +k [^]*2 to do, 0 as wanted already\.$/m);
  assert.equal((await owner.get(first)).triggerAt, at(2));
  assert.match(await told("apply", file, "--workflow", "simple"), /^create +done +l [^]*^move +done +k /m);
  assert.match(await told("apply", file, "--workflow", "simple"), /^0 to do, 2 as wanted already\.$/m);
  wanted({});
  assert.equal((await run("apply", file, "--workflow", "simple")).code, 2, "an empty set has to be said");
  assert.equal((await run("apply", file)).code, 2, "and what belongs to it");
  assert.equal(lines(await told("apply", file, "--workflow", "simple", "--allow-empty", "--json"))[0].actions.length, 2);
});

test("a watch tells every change until it is ended", async (t) => {
  await server.forgetRequests();
  const child = spawn(process.execPath, [cli, "watch", "--json"], { env });
  t.after(() => child.kill());
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  const until = async (fits) => {
    for (const end = performance.now() + 30_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) if (fits(lines(output.slice(0, output.lastIndexOf("\n") + 1)))) return;
    assert.fail(output);
  };
  const looked = async () => (await server.requests()).some(({ method, status }) => method === "GET" && status === 200);
  while (!(await looked())) await new Promise((resolve) => setTimeout(resolve, 50));
  const run = await owner.create("simple", { triggerAt: { in: "1h" } });
  await until((changes) => changes.some(({ type, run: { metadata } }) => type === "added" && metadata.id === run.metadata.id));
  await owner.delete(run);
  await until((changes) => changes.at(-1)?.type === "removed");
  child.kill("SIGINT");
  await once(child, "exit");
});

test("every command shows its help, with an example, and does nothing else", async () => {
  for (const name of NAMES) {
    const help = await told(name, "--help");
    assert.match(help, new RegExp(`^npx hatchet-scheduled ${name} `), name);
    assert.match(help, new RegExp(`^  npx hatchet-scheduled ${name} `, "m"), `${name} has an example`);
  }
  const help = await told("--help");
  for (const name of NAMES) assert.match(help, new RegExp(`^  ${name} `, "m"));
});

test("what is not understood is named, with the way out, and nothing is sent", async () => {
  await server.forgetRequests();
  const bad = join(place, "bad.jsonl");
  for (const [options, message] of [
    [["create", "simple"], /say when by --at or by --in/],
    [["create", "simple", "--at", "soon"], /--at: Not a time/],
    [["create", "simple", "--at", "2031-03-30 02:30", "--zone", "Europe/Berlin"], /does not exist in Europe\/Berlin[^]*say 2031-03-30T00:30:00\.000Z or 2031-03-30T01:30:00\.000Z/],
    [["create", "simple", "--at", "2031-10-26 02:30", "--zone", "Europe/Berlin"], /comes twice/],
    [["create", "simple", "--in", "2 parsecs"], /is not a delay/],
    [["create", "simple", "--at", "tomorrow 09:00", "--zone", "Mars"], /there is no zone "Mars"/],
    [["create", "simple", "--in", "1h", "--input", "[1]"], /--input: expected a JSON object/],
    [["create", "simple", "--in", "1h", "--metadata", "team"], /--metadata: expected key=value/],
    [["create", "--in", "1h"], /WORKFLOW is missing/],
    [["get"], /ID is missing/],
    [["get", "a", "b"], /unexpected "b"/],
    [["move", ABSENT, "--all", "--in", "1h"], /give ids, or say which/],
    [["move", "--by", "1h"], /which runs\?/],
    [["move", "--all", "--by", "x"], /--by: expected a length of time/],
    [["delete"], /which runs\?/],
    [["list", "--limit", "many"], /--limit: expected a whole number/],
    [["import", join(place, "none")], /cannot be read/],
    [["import", bad], /bad\.jsonl, line 2: unknown member "when"/],
    [["create", "simple", "--in", "1h", "--key", "k", "--on-existing", "toss", "--dry-run"], /create: run\.onExisting: must be one of keep, move, replace/],
    [["create", "simple", "--in", "1h", "--on-existing", "move", "--dry-run"], /create: run\.onExisting: needs an idempotencyKey/],
    [["create", "simple", "--in", "1h", "--priority", "7", "--dry-run"], /create: run\.priority: must be 1/],
    [["create", "simple", "--in", "2 parsecs", "--dry-run"], /create: run\.triggerAt\.in: "2 parsecs" is not a delay/],
    [["create", "", "--in", "1h", "--dry-run"], /workflowName: is empty/],
    [["follow"], /which run\? Give one ID, --key KEY or --run RUNID/],
    [["follow", ABSENT, ABSENT], /which run\?/],
    [["follow", ABSENT, "--key", "k"], /which run\?/],
    [["follow", "--run", ABSENT, "--key", "k"], /which run\?/],
    [["follow", ABSENT, "--workflow", "simple"], /--workflow: it says of which workflow the run with --key is/],
    [["follow", "--key", ""], /idempotencyKey: is empty/],
    [["follow", "my run"], /must be a UUID/],
    [["follow", ABSENT, "--zone", "Mars"], /there is no zone "Mars"/],
    [["runs", "--status", "DONE"], /statuses\[0\]/],
    [["runs", "--since", "soon"], /--since: expected a length of time/],
    [["runs", "--limit", "-1"], /--limit/],
    [["runs", "--limit", "0"], /limit: must be at least 1/],
    [["runs", "--metadata", "team"], /--metadata: expected key=value/],
    [["runs", "simple"], /unexpected "simple"/],
    [["pause"], /WORKFLOW is missing/],
    [["pause", "simple", "other"], /unexpected "other"/],
    [["pause", "simple", "--scheduled-runs", "drop"], /scheduledRuns: must be one of fire-late, queue/],
    [["pause", "simple", "--cron-runs", "toss"], /cronRuns: must be one of drop, queue/],
    [["pause", "simple", "--scheduled-runs", "queue"], /pause\.ttl: is missing/],
    [["pause", "simple", "--ttl", "2 parsecs"], /pause\.ttl: "2 parsecs" is not a delay/],
    [["unpause"], /WORKFLOW is missing/],
    [["unpause", "simple", "--zone", "Mars"], /there is no zone "Mars"/],
    [["apply"], /FILE is missing/],
    [["apply", bad], /which runs belong to the set\?/],
    [["apply", bad, "--all", "--workflow", "a"], /which runs belong to the set\?/],
    [["apply", join(place, "none"), "--all"], /cannot be read/],
    [["apply", bad, "--all"], /bad\.jsonl, line 2: unknown member "when"/],
  ]) {
    writeFileSync(bad, '{"workflowName":"a","triggerAt":"2031-01-01T00:00:00Z"}\n{"when":1}\n');
    const { code, stderr } = await run(...options);
    assert.equal(code, 2, `${options.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
  }
  assert.deepEqual(await server.requests(), []);
});

test("a row that is refused is named by its line in the file, whoever refuses it", async () => {
  await server.forgetRequests();
  const [lines, table] = [join(place, "rows.jsonl"), join(place, "rows.csv")];
  const good = { workflowName: "simple", triggerAt: "2031-01-01T00:00:00Z", idempotencyKey: "k" };
  for (const [changes, reason] of [
    [{ triggerAt: "2031-01-01" }, "triggerAt: "],
    [{ priority: 7 }, "priority: must be 1"],
    [{ idempotencyKey: "" }, "idempotencyKey: is empty"],
  ]) {
    // Lines without anything count, too.
    writeFileSync(lines, `${JSON.stringify(good)}\n\n${JSON.stringify({ ...good, idempotencyKey: "l", ...changes })}\n`);
    for (const command of [["import", lines], ["import", lines, "--dry-run"], ["apply", lines, "--all"], ["apply", lines, "--all", "--dry-run"]]) {
      const { code, stderr } = await run(...command);
      assert.deepEqual([code, stderr.includes(`rows.jsonl, line 3: ${reason}`)], [2, true], `${command.join(" ")}: ${stderr}`);
      assert.doesNotMatch(stderr, /(wanted|runs)\[/);
    }
  }
  writeFileSync(lines, `${JSON.stringify(good)}\n${JSON.stringify({ ...good, idempotencyKey: undefined })}\n`);
  assert.match((await run("apply", lines, "--all")).stderr, /rows\.jsonl, line 2: idempotencyKey: is missing/);
  writeFileSync(lines, `\n${JSON.stringify(good)}\n\n${JSON.stringify(good)}\n`);
  assert.match((await run("apply", lines, "--all")).stderr, /rows\.jsonl, line 4: idempotencyKey: is also that of \S*rows\.jsonl, line 2; /);

  const head = "workflowName,triggerAt,input,priority,idempotencyKey";
  const cell = '"{""text"":\n""a\\nb""}"';
  writeFileSync(table, `${head}\r\n\r\nsimple,2031-01-01T00:00:00Z,${cell},1,k\r\n , ,\r\nsimple,2031-01-01T00:00:00Z,${cell},7,l\r\n`);
  for (const command of [["import", table, "--dry-run"], ["apply", table, "--all"]]) {
    assert.match((await run(...command)).stderr, /rows\.csv, line 6: priority: must be 1/);
  }
  writeFileSync(table, `${head}\n\nsimple,2031-01-01T00:00:00Z\n`);
  assert.match((await run("import", table)).stderr, /rows\.csv, line 3: Too few fields/);
  assert.deepEqual(await server.requests(), []);

  writeFileSync(lines, `\n${JSON.stringify(good)}\n${JSON.stringify({ ...good, workflowName: "absent" })}\n`);
  const { code, stderr } = await run("import", lines);
  assert.deepEqual([code, /rows\.jsonl, line 3: /.test(stderr)], [1, true], "and so is one that the server refuses");
});

test("a dry run refuses a time that the move itself would refuse", async () => {
  const { metadata: { id } } = await owner.create("simple", { triggerAt: "2031-01-01T00:00:00Z" });
  for (const options of [["--in", "2 parsecs"], ["--by", "9000000d"]]) {
    const [dry, real] = [await run("move", id, ...options, "--dry-run"), await run("move", id, ...options)];
    assert.deepEqual([dry.code, dry.stderr], [2, real.stderr]);
    assert.equal(real.code, 2);
  }
  assert.match(await told("move", id, "--in", "PT15M", "--dry-run"), /Would move 1 runs/);
});

test("a key leaves and comes in again as it was given, and a run is followed by it", async () => {
  const key = "digest ü:1";
  const waiting = await owner.create("simple", { triggerAt: "2031-01-01T00:00:00Z", idempotencyKey: key });
  const file = join(place, "keyed.jsonl");
  writeFileSync(file, await told("export"));
  assert.equal(lines(readFileSync(file, "utf8"))[0].idempotencyKey, key);
  assert.match(await told("apply", file, "--all", "--dry-run"), /^0 to do, 1 as wanted already\.$/m);
  await told("import", file);
  assert.equal((await owner.list()).rows.length, 1);

  const other = await owner.create("send-email", { triggerAt: "2031-01-01T00:00:00Z", idempotencyKey: key });
  const both = await run("follow", "--key", key);
  assert.deepEqual([both.code, /simple and send-email have a run with it: say which by --workflow/.test(both.stderr)], [2, true], both.stderr);
  await owner.delete(other);
  // Before it fires by its key, and once it has.
  await owner.update(waiting, { triggerAt: { in: "1s" } });
  const states = lines(await told("follow", "--key", key, "--workflow", "simple", "--json"));
  assert.deepEqual([states[0].status, states[0].scheduledId, states.at(-1).status], ["scheduled", waiting.metadata.id, "succeeded"]);
  assert.equal(lines(await told("follow", "--key", key, "--json")).at(-1).runId, states.at(-1).runId);
  const none = await run("follow", "--key", "nobody's");
  assert.deepEqual([none.code, /no run with the key "nobody's" waits/.test(none.stderr)], [3, true], none.stderr);
  assert.equal((await run("follow", "--key", key, "--workflow", "absent")).code, 3);
});

test("the exit code of a run that is followed says whether it succeeded", async () => {
  await told("pause", "send-email", "--scheduled-runs", "queue", "--ttl", "1s");
  const { metadata: { id } } = await owner.create("send-email", { triggerAt: { in: "1s" }, traceable: true });
  const { code, stdout, stderr } = await run("follow", id, "--json");
  await told("unpause", "send-email");
  assert.deepEqual([code, stderr, lines(stdout).at(-1).status], [1, "", "cancelled"]);
  assert.match((await run("follow", "--run", lines(stdout).at(-1).runId)).stdout, /^cancelled /m);
});

test("names and metadata are inert in a terminal", async () => {
  await owner.create("simple", { triggerAt: { in: "1h" }, additionalMetadata: { text: "\u001b[2Ja\u202eb" }, input: { text: "\u001b]0;x\u0007" } });
  const [{ metadata: { id } }] = lines(await told("list", "--json"));
  for (const text of [await told("list"), await told("get", id)]) assert.doesNotMatch(text, /[\u001b\u0007\u202e]/);
});
