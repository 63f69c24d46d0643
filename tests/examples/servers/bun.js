import { scheduled } from "./scheduled.js";

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: scheduled });
console.log(`listening on ${server.port}`);
