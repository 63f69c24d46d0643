/** Plays a program: begins its calls, moves the clock until all have settled, and keeps what came of each. */
import { CALLS } from "./calls.mjs";
import { follow } from "./watches.mjs";
import { World } from "./world.mjs";

/** More than all retries and waits of a call take. */
const LONGEST = 4 * 3_600_000;

export async function play(program) {
  const world = await World.start();
  try {
    for (const command of program) await COMMANDS[command.type](world, command);
    await settle(world, () => world.records.every(isSettled) && world.network.isIdle, LONGEST);
    return world;
  } catch (error) {
    await world.hatchet.stop();
    throw error;
  }
}

/** A watch goes on until it is ended. */
const isSettled = (record) => record.outcome !== undefined || (record.operation === "watch" && !record.aborted);

const COMMANDS = {
  fault: (world, { type: _, ...fault }) => world.network.arm(fault),
  // A day of a watch is thousands of looks.
  advance: (world, { ms }) => world.hatchet.advance(world.watches.length > 0 ? Math.min(ms, 120_000) : ms),
  set(world, { client, ms }) {
    world.ahead[client] = ms;
  },
  async call(world, command) {
    const record = begin(world, command);
    if (command.awaited) await settle(world, () => isSettled(record), LONGEST);
  },
};

/** Moves the clock until something is so. */
export async function settle(world, isSo, longest) {
  const end = world.now + longest;
  // What takes no time comes first.
  await world.hatchet.advance(0);
  for (let step = 50; !isSo(); step = Math.min(step * 2, 60_000)) {
    if (world.now > end) {
      const left = world.records.filter((record) => !isSettled(record)).map(({ call, operation }) => `${call} ${operation}`);
      throw new Error(`after ${longest} ms these have not settled: ${left.join(", ")}; ${world.network.isIdle ? "nothing" : "a request"} is under way`);
    }
    await world.hatchet.advance(step);
  }
}

/** Begins a call, and keeps when it began and ended, and with what. */
export function begin(world, { operation, args, client: place, abort, timeoutMs, totalTimeoutMs, maxRetries }) {
  const call = world.records.length + 1;
  const record = { call, operation, args, client: place, totalTimeoutMs, start: world.moment() };
  world.records.push(record);
  const signal = abort === undefined ? undefined : abortion(world, record, abort);
  const settings = Object.entries({ signal, timeoutMs, totalTimeoutMs, maxRetries, headers: { "x-call": String(call) } });
  const options = Object.fromEntries(settings.filter(([, value]) => value !== undefined));
  const client = world.clients[place];
  const made = operation === "watch" ? follow(world, client, args, options, record) : CALLS[operation](world, client, args, options, record);
  const ended = (outcome) => Object.assign(record, { outcome, end: world.moment() });
  made.then((value) => ended({ value: learn(world, operation, value) }), (error) => ended({ error }));
  return record;
}

function abortion(world, record, abort) {
  const controller = new AbortController();
  const reason = [new Error("enough"), "enough", { enough: true }, undefined][record.call % 4];
  const end = () => {
    if (record.outcome) return;
    controller.abort(reason);
    record.aborted = world.moment();
    record.reason = controller.signal.reason;
  };
  if (abort === "before") end();
  else world.clock.sleep(abort).promise.then(end);
  return controller.signal;
}

/** What the program knows from now on. */
function learn(world, operation, value) {
  const rows = { create: [value], get: [value], update: [value], list: value?.rows, iterate: value?.rows, bulkCreate: value?.created }[operation];
  for (const row of rows ?? []) world.rows.set(row.metadata.id, row);
  if (operation === "update") world.updated.push(value);
  if (operation === "trigger") world.triggered.push(value);
  return value;
}
