import { Hono } from "hono";
import { createHandler } from "hatchet-scheduled/server";
import { userOf } from "./session.js";

const scheduled = createHandler({
  async access(request) {
    const user = await userOf(request);
    return user && { allow: "write", metadata: { team: user.team } };
  },
});
export const app = new Hono().all("/api/scheduled/*", ({ req }) => scheduled(req.raw));
