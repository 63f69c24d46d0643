/** The entry under test, by its name, with the React of these tests. */
import { importWithPeers } from "../support/peers.mjs";

export const { ScheduledProvider, useScheduledActions, useScheduledClient, useScheduledRuns } = await importWithPeers("react");
