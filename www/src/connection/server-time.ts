/** Going by the server's clock, and saying so where the one here is wrong. */

import type { App } from "../state/app.ts";
import { formatSpan } from "../time/relative.ts";

/** A clock that is off by less, in milliseconds, misleads nobody. */
const WORTH_TELLING = 30_000;

/** Looks at the server's clock. */
export async function learnServerTime(app: App): Promise<void> {
  const { client, clock } = app;
  if (!client) return;
  const before = clock.ahead;
  await clock.learn(client);
  if (Math.abs(clock.ahead - before) < WORTH_TELLING) return;
  app.set({ now: clock.now() });
  if (Math.abs(clock.ahead) < WORTH_TELLING) return;
  const relation = clock.ahead > 0 ? "behind" : "ahead of";
  app.toast(`This computer's clock is ${formatSpan(clock.ahead)} ${relation} the server's. Runs fire by the server's, so this page goes by it.`, {
    tone: "warning", until: clock.now() + 20_000,
  });
}

/** Takes in what answers have shown of it since, where they do. */
export function followServerTime(app: App): void {
  if (app.clock.isSeen) void learnServerTime(app);
}
