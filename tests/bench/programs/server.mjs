/**
 * A server of canned answers: `node server.mjs ROWS` writes its port, and ends when its stdin does; to each line it answers how
 * many requests about runs there were. What it answers is made once, as bytes. A bulk update takes it 5 ms, as a database
 * would; all else goes as fast as Node does.
 */
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";

import { TENANT } from "../../support/fake.mjs";
import { idOf, inputOfSize, rowOf } from "../rows.mjs";

const BULK_UPDATE_MS = 5;
/** More than a call creates, so that no two of its runs have the same id. */
const CREATED = 4096;

const count = Number(process.argv[2]);
const rows = Array.from({ length: count }, (_, number) => JSON.stringify(rowOf(number)));
const numbers = new Map(rows.map((_, number) => [idOf(number), number]));
// Every page is a slice of this.
const listing = Buffer.from(rows.join(","));
const starts = [0];
for (const row of rows) starts.push(starts.at(-1) + Buffer.byteLength(row) + 1);
const answers = new Map();
let creates = 0;
let requests = 0;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization,content-type",
  "access-control-allow-methods": "GET,POST",
  "access-control-max-age": "86400",
};
const HEADERS = { ...CORS, "content-type": "application/json", "cache-control": "no-store" };

const server = createServer((request, response) => {
  const answer = (body) => response.writeHead(200, { ...HEADERS, "content-length": body.length }).end(body);
  const refuse = (status) => response.writeHead(status, HEADERS).end('{"errors":[]}');
  if (request.method === "OPTIONS") return response.writeHead(204, CORS).end();
  const [path, query = ""] = request.url.split("?");
  const parts = path.slice(1).split("/");
  if (parts[3] !== TENANT || !request.headers.authorization?.startsWith("Bearer ")) return refuse(403);
  // Clients may ask about the tenant by themselves, at any time.
  if (parts.length > 4) requests += 1;
  const [name, last] = parts.slice(5);
  if (request.method === "POST") {
    if (last === "bulk-update") return bulkUpdate(request, answer);
    request.on("end", () => answer(created(name))).resume();
  } else if (parts.length === 4) {
    answer(canned(path, () => JSON.stringify({ metadata: { id: TENANT }, name: "bench", slug: "bench", version: "V1" })));
  } else if (last === undefined) {
    const asked = new URLSearchParams(query);
    // All of it is for the client to filter here.
    if (asked.has("additionalMetadata")) return refuse(400);
    const [offset, limit] = [Number(asked.get("offset") ?? 0), Number(asked.get("limit") ?? 50)];
    answer(canned(`${offset} ${limit}`, () => page(offset, limit)));
  } else {
    const number = numbers.get(last);
    if (number === undefined) return refuse(404);
    answer(listing.subarray(starts[number], starts[number + 1] - 1));
  }
});
// Whoever waits for the others' turn to pass keeps its connection.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
createInterface({ input: process.stdin })
  .on("line", () => console.log(JSON.stringify({ requests })))
  .on("close", () => process.exit());

function canned(key, make) {
  let bytes = answers.get(key);
  if (!bytes) answers.set(key, (bytes = Buffer.from(make())));
  return bytes;
}

function page(offset, limit) {
  const end = Math.min(offset + limit, count);
  const pages = Math.ceil(count / limit);
  const current = Math.floor(offset / limit) + 1;
  const pagination = { current_page: current, next_page: Math.min(current + 1, pages), num_pages: pages };
  const found = offset < end ? listing.subarray(starts[offset], starts[end] - 1) : "";
  return Buffer.concat([`{"pagination":${JSON.stringify(pagination)},"rows":[`, found, "]}\n"].map((part) => Buffer.from(part)));
}

/** A workflow `create-BYTES` is given an input of so many bytes, and Hatchet sends it back. */
function created(workflow) {
  const bytes = /^create-(\d+)$/.exec(workflow)?.[1];
  const number = bytes ? 0 : creates++ % CREATED;
  return canned(`${workflow} ${number}`, () => JSON.stringify({ ...rowOf(number), ...(bytes && { input: inputOfSize(Number(bytes)) }) }));
}

async function bulkUpdate(request, answer) {
  const { updates } = await json(request);
  const body = Buffer.from(JSON.stringify({ errors: [], updatedIds: updates.map(({ id }) => id) }));
  setTimeout(() => answer(body), BULK_UPDATE_MS);
}
