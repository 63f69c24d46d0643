import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter, type Filter, matchesValue, noFilter, parseCondition } from "../../src/filters/filter.ts";
import { Search } from "../../src/filters/search.ts";
import { readAddress, writeAddress } from "../../src/state/url.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { noSelection, selectAll } from "../../src/list/selection.ts";
import { soonestFirst, sortKeys } from "../../src/list/order.ts";
import { base, makeRandom, makeRun, randomRuns } from "../support/runs.ts";

await ensureTemporal();
const matching = (filter: Partial<Filter>, runs = [makeRun(1)]) => runs.filter(compileFilter({ ...noFilter, ...filter }, base));

test("metadata of any type can be filtered by, colons included", () => {
  const run = makeRun(1, { metadata: { callback: "https://x", n: 5, text: "5", flag: true, none: null, nested: { a: [1, 2] } } });
  const matches = (text: string) => matching({ metadata: [parseCondition(text) ?? assert.fail(text)] }, [run]).length === 1;
  for (const text of ["callback=https://x", "n=5", "text=5", 'text="5"', "flag=true", "none=null", 'nested={"a": [1, 2]}', "callback"]) assert.ok(matches(text), text);
  for (const text of ['n="5"', "callback=https", "flag=1", "none=", "absent", "absent=null", "toString"]) assert.ok(!matches(text), text);
});

test("a text and a number that look alike are told apart by quotes", () => {
  assert.ok(matchesValue("5", "5") && matchesValue(5, "5"));
  assert.ok(matchesValue("5", '"5"') && !matchesValue(5, '"5"'));
});

test("every word of a search has to occur, in the id, the name or the metadata", () => {
  const run = makeRun(7, { workflow: "send-email", metadata: { customer: "Acme GmbH" } });
  assert.equal(matching({ text: " EMAIL  acme " }, [run]).length, 1);
  assert.equal(matching({ text: run.id.slice(-6) }, [run]).length, 1);
  assert.equal(matching({ text: "email globex" }, [run]).length, 0);
});

test("however a search is typed, corrected and pasted, it finds what a search of all runs for the text finds", () => {
  const random = makeRandom(5);
  const lists = [randomRuns(300, 1), randomRuns(300, 2)];
  const search = new Search();
  const letters = [..."acme 5send-\"İ :İ"];
  let text = "";
  let kept = 0;
  for (let step = 0; step < 3_000; step += 1) {
    const roll = random();
    if (roll < 0.6) text += letters[Math.floor(random() * letters.length)];
    else if (roll < 0.9) text = text.slice(0, -1);
    else text = ["", "Globex", "acme send-", " acme"][Math.floor(random() * 4)] as string;
    const runs = lists[random() < 0.02 ? 1 : 0] as ReturnType<typeof randomRuns>;
    const found = search.in(runs, text);
    assert.deepEqual(found.map(({ id }) => id), matching({ text }, runs).map(({ id }) => id), JSON.stringify(text));
    if (found.length === runs.length) assert.equal(found, runs, "a search that leaves nothing out makes no other list");
    kept += found.length > 0 && found.length < runs.length ? 1 : 0;
  }
  assert.ok(kept > 300, `only ${kept} searches found some`);
});

test("a time range includes its start and not its end", () => {
  const runs = [0, 1, 2, 3].map((n) => makeRun(n));
  assert.deepEqual(matching({ from: runs[1]?.at, to: runs[3]?.at }, runs).map((run) => run.at), [runs[1]?.at, runs[2]?.at]);
});

/** A filter of random parts, as a reckless user would set it. */
function randomFilter(random: () => number): Filter {
  const some = <T>(items: readonly T[], share = 0.3) => items.filter(() => random() < share);
  const from = random() < 0.3 ? base + Math.floor(random() * 7 * 86_400_000) : undefined;
  return {
    text: some(["send", "acme", "invoice", "5", "a:b"], 0.15).join(" "),
    workflows: some(["send-email", "send-reminder", "generate-invoice", "nobody"]),
    states: some(["overdue", "soon", "scheduled"], 0.2),
    from,
    to: random() < 0.3 ? (from ?? base) + 1000 + Math.floor(random() * 7 * 86_400_000) : undefined,
    metadata: some(["customer=acme", "customer=5", "customer", "team", "env=https://x", "a=b"], 0.1).map((text) => parseCondition(text) ?? assert.fail()),
  };
}

test("whatever the filter, what a bulk action would touch is what is visible", () => {
  const random = makeRandom(11);
  const runs = randomRuns(800, 3);
  for (let round = 0; round < 500; round += 1) {
    const filter = randomFilter(random);
    const visible = runs.filter(compileFilter(filter, base));
    const touched = selectAll(visible).ids;
    for (const run of runs) {
      assert.equal(touched.has(run.id), visible.includes(run) && !run.madeInCode, JSON.stringify(filter));
    }
  }
  assert.equal(noSelection.ids.size, 0);
});

test("a view survives its address", () => {
  const random = makeRandom(5);
  for (let round = 0; round < 500; round += 1) {
    const address = {
      filter: randomFilter(random),
      order: { key: sortKeys[round % 4] ?? "time", descending: random() < 0.5 },
      zone: [undefined, "UTC", "local", "Europe/Berlin"][round % 4],
      picture: round % 2 ? ("week" as const) : ("timeline" as const),
      openRun: round % 3 ? makeRun(round).id : undefined,
    };
    const expected = { ...address, filter: { ...address.filter, text: address.filter.text } };
    assert.deepEqual(readAddress(writeAddress(address)), expected);
  }
});

test("an address of nonsense is read without complaint and shows everything", () => {
  const hostile = ["?from=soon&to=&state=DROP&sort=;&zone=../etc&view=x&run=<img>", "?%00%ff&meta.=1&has=", "?from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "?from=2026-99-99T00:00:00Z", "?sort=-&zone=Mars/X"];
  for (const search of hostile) {
    const address = readAddress(search);
    assert.deepEqual(address.filter, noFilter, search);
    assert.deepEqual(address.order, soonestFirst, search);
    assert.equal(address.openRun, undefined);
    assert.equal(address.zone, undefined);
  }
});

test("200 fuzzed addresses are read without complaint", () => {
  const random = makeRandom(99);
  const pieces = ["q", "meta.", "has", "from", "to", "sort", "run", "zone", "state", "=", "&", "%", "%zz", "\u0000", "💥", "<script>", "2026-01-01T00:00:00Z", "-time", "9".repeat(600)];
  for (let round = 0; round < 200; round += 1) {
    const search = `?${Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join("")}`;
    const address = readAddress(search);
    const again = readAddress(writeAddress(address));
    assert.deepEqual(again, address, search);
  }
});
