import { createServer } from "node:http";
import { toNodeHandler } from "hatchet-scheduled/server";
import { scheduled } from "./scheduled.js";

const server = createServer(toNodeHandler(scheduled));
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
