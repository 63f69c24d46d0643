// app/api/scheduled/[...path]/route.js
import { createHandler } from "hatchet-scheduled/server";
import { userOf } from "./session.js";

const scheduled = createHandler({
  async access(request) {
    const user = await userOf(request);
    return user && { allow: "write", metadata: { team: user.team } };
  },
});
export { scheduled as GET, scheduled as POST, scheduled as PATCH, scheduled as DELETE };
