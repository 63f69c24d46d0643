/** What the user may do, by the server's word. */

import type { Operation, ScheduledClient } from "hatchet-scheduled";
import type { App } from "../state/app.ts";
import { sleep } from "../time/sleep.ts";
import { errorCode } from "./trouble.ts";

const READS: readonly Operation[] = ["list", "get", "workflows", "runs"];
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** Nothing that changes a run is offered. */
export function onlyReads(operation: Operation): boolean {
  return READS.includes(operation);
}

/** What is not allowed is not offered, and before that is known nothing but looking is. Asks until it is answered. */
export async function learnAccess(app: App, client: ScheduledClient, isAllowed: App["may"]): Promise<void> {
  const { running } = app;
  app.may = onlyReads;
  app.knowsAccess = false;
  for (let pause = FIRST_PAUSE; !running.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const { allow, hideInput } = await client.access();
      app.hidesInput = hideInput;
      return settle(app, (operation) => allow.includes(operation) && isAllowed(operation));
    } catch (error) {
      // Something before a Hatchet that does not tell: it refuses what is not allowed when it is tried.
      if (errorCode(error) === "not-found") return settle(app, isAllowed);
      await sleep(pause, running);
    }
  }
}

function settle(app: App, may: App["may"]): void {
  app.may = may;
  app.knowsAccess = true;
  app.set({});
}
