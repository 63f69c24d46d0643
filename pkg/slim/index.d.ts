/**
 * The whole of `hatchet-scheduled`, with the WebAssembly as a file that the app serves: streamed, compiled while it comes,
 * cached by itself, and not part of the JavaScript.
 *
 * ```js
 * import { initialize, ScheduledClient } from "hatchet-scheduled/slim";
 *
 * initialize("/assets/hatchet_scheduled_bg.wasm").catch(console.error);
 * const { rows } = await new ScheduledClient({ token }).list();
 * ```
 *
 * The file is `hatchet-scheduled/hatchet_scheduled_bg.wasm`, which bundlers give an address. The classes are those of
 * `hatchet-scheduled`; import them from here, as that entry brings its own copy of the bytes along. `hatchet-scheduled/follow`,
 * `/reconcile`, `/react` and `/opentelemetry` do not.
 *
 * @packageDocumentation
 */

export * from "hatchet-scheduled";

/**
 * Says where the WebAssembly comes from, and loads it. Calls of any client that are made after this was called wait for it, so it
 * need not be awaited; calls made before reject with a `HatchetError` of the code `load`. The first load that succeeds counts:
 * from then on this does nothing, and while one is under way it waits for that.
 *
 * Rejects with a `HatchetError` of the code `load` where the file cannot be had, is none, is of another version of the package, or
 * may not be compiled there; and with a `ValidationError` where `source` is nothing of what it may be. The calls that waited reject
 * alike. Then it may be called again; where `source` is an address or bytes, the next call of a client tries again by itself.
 */
export function initialize(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;

/**
 * An address (a `URL` or its text, relative to the page; in Node also `file:`), a `Response`, the bytes (an `ArrayBuffer`, a view of
 * one, a `Blob`), or a `WebAssembly.Module`, as workers and edge functions import it. A `Response` is compiled while it comes where
 * its type is `application/wasm`, and else when it is there.
 */
export type WasmSource = string | object;
