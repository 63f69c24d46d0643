import { ValidationError as Main } from "hatchet-scheduled";
import { initialize, ScheduledClient, ValidationError, type ScheduledWorkflows, type WasmSource } from "hatchet-scheduled/slim";

declare const bytes: ArrayBuffer;
declare const view: Uint8Array;
declare const later: Promise<ArrayBuffer>;
const sources: (WasmSource | PromiseLike<WasmSource>)[] = ["/a.wasm", bytes, view, later];

export async function play(): Promise<ScheduledWorkflows> {
  for (const source of sources) await initialize(source);
  const client = new ScheduledClient<{ "send-email": { to: string } }>({ token: "t" });
  // @ts-expect-error the input is checked here, too
  await client.create("send-email", { triggerAt: 0, input: { to: 1 } });
  return client.get("a");
}

// The classes are those of the main entry.
export const same: typeof Main = ValidationError;
// @ts-expect-error nothing is no source
export const nothing: Promise<void> = initialize();
// @ts-expect-error a number is none
export const number: Promise<void> = initialize(5);
