import { createHandler } from "hatchet-scheduled/server";
import { userOf } from "./session.js";

let scheduled;

export default {
  fetch(request, env) {
    scheduled ??= createHandler({
      client: { token: env.HATCHET_CLIENT_TOKEN },
      async access(request) {
        const user = await userOf(request);
        return user && { allow: "write", metadata: { team: user.team } };
      },
    });
    return scheduled(request);
  },
};
