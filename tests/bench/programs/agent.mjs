/**
 * The process of a contestant in JavaScript: `node agent.mjs MODULE`. The first line of stdin holds its settings, each further one
 * a message; each answer is a line of stdout.
 */
import { createInterface } from "node:readline";

import { agentOf } from "../contestants/agent.mjs";

// What a client writes must not get among the answers.
console.log = console.info = console.debug = console.error;

const { connect } = await import(process.argv[2]);
let agent;
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  const answer = agent ? await agent(message) : {};
  agent ??= agentOf(await connect(message));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
// Clients that keep something open would keep the process.
process.exit();
