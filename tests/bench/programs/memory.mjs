/**
 * What memory a package holds, in a process of its own: `node --expose-gc memory.mjs`. The first line of stdin holds the settings
 * of a client and the module that it is of; each further line says what to do. Each answer tells the bytes that are held.
 */
import { createInterface } from "node:readline";

/** How often to look while iterating: in runs. */
const LOOK = 2500;

const memories = new Set();

/** Finds the memories of instances that are made from now on. */
function watchInstances() {
  const { instantiate, Instance } = WebAssembly;
  const note = ({ exports }) => {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  };
  WebAssembly.instantiate = async (...given) => {
    const result = await instantiate(...given);
    note(result.instance ?? result);
    return result;
  };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, given) {
      const instance = new target(...given);
      note(instance);
      return instance;
    },
  });
}

function held() {
  gc();
  if (memories.size === 0) throw new Error("no WebAssembly with a memory of its own was found");
  const wasm = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, wasm };
}

async function list(client, { times, limit }) {
  for (let time = 0; time < times; time++) {
    const { rows } = await client.list({ limit });
    if (rows.length !== limit) throw new Error(`a list of ${limit} had ${rows.length} runs`);
  }
  return held();
}

/** The most that is held while iterating over runs that nobody keeps. */
async function iterate(client, { pageSize, runs }) {
  const most = { heap: 0, wasm: 0 };
  let seen = 0;
  for await (const _ of client.iterate({ pageSize })) {
    seen += 1;
    if (seen % LOOK !== 0) continue;
    const { heap, wasm } = held();
    most.heap = Math.max(most.heap, heap);
    most.wasm = Math.max(most.wasm, wasm);
  }
  if (seen !== runs) throw new Error(`${seen} runs of ${runs} were iterated over`);
  return most;
}

let client;
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  let answer = {};
  if (message.list) answer = await list(client, message.list);
  else if (message.iterate) answer = await iterate(client, message.iterate);
  else {
    const { entry, server, tenant, token } = message;
    // Node's fetch has WebAssembly of its own, which is loaded by the first request.
    await (await fetch(server)).text();
    watchInstances();
    const { ScheduledClient } = await import(entry);
    client = new ScheduledClient({ token, serverUrl: server, tenantId: tenant });
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
