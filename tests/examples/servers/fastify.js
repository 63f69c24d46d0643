import { toNodeHandler } from "hatchet-scheduled/server";
import Fastify from "fastify";
import { scheduled } from "./scheduled.js";

const handle = toNodeHandler(scheduled);
const app = Fastify();
app.register(async (routes) => {
  // The handler reads the body itself.
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser("*", (request, body, done) => done(null, undefined));
  routes.all("/api/scheduled/*", (request, reply) => {
    reply.hijack();
    return handle(request.raw, reply.raw);
  });
});
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(`listening on ${app.server.address().port}`);
