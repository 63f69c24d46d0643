import { createHandler } from "hatchet-scheduled/server";
import { userOf } from "./session.js";

/** Reads HATCHET_CLIENT_TOKEN, and lets a user see and change the runs of the own team alone. */
export const scheduled = createHandler({
  async access(request) {
    const user = await userOf(request);
    return user && { allow: "write", metadata: { team: user.team } };
  },
});
