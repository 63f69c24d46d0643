import { HatchetError, ValidationError } from "facade";

/** The client's compiled WebAssembly, from any form in which an app may have it. */
export async function moduleOf(source) {
  const given = await Promise.resolve(source).catch((cause) => {
    throw cause instanceof HatchetError ? cause : failed(`it cannot be had (${cause?.message ?? cause})`, { cause });
  });
  // By its tag: it may be of another realm.
  const kind = Object.prototype.toString.call(given).slice(8, -1);
  if (kind === "WebAssembly.Module") return ours(given);
  if (typeof given === "string" || kind === "URL") return moduleOf(opened(String(given)));
  if (typeof given?.arrayBuffer === "function") return ours(await read(given));
  // V8 takes no DataView.
  const bytes = ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : given;
  if (bytes !== given || kind === "ArrayBuffer") return ours(await WebAssembly.compile(bytes));
  const reason = "must be the package's WebAssembly: its address, a Response with it, its bytes or a WebAssembly.Module";
  throw new ValidationError(`initialize: source: ${reason}`, { operation: "initialize", path: "source" });
}

/** Node's `fetch` reads no files. */
function opened(address) {
  const files = address.startsWith("file:") && globalThis.process?.getBuiltinModule?.("node:fs/promises");
  return files ? files.readFile(new URL(address)) : fetch(address);
}

async function read(response) {
  const { url, ok, status, headers, bodyUsed } = response;
  const what = url || "the Response";
  if (ok === false) throw failed(`${what} has status ${status}`);
  if (bodyUsed) throw failed(`${what} was read before: give \`initialize\` a new one`);
  const type = headers?.get("content-type")?.trim().toLowerCase();
  // Any other type is refused there.
  if (type === "application/wasm" && WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (WebAssembly.validate(bytes)) return WebAssembly.compile(bytes);
  throw failed(`${what}${type ? ` (${type})` : ""} is no WebAssembly`);
}

/** A file that was cached may be older than the code, and its functions not the ones that this calls. */
function ours(module) {
  const [mark] = WebAssembly.Module.customSections(module, "hatchet-scheduled");
  const build = mark && String.fromCharCode(...new Uint8Array(mark));
  if (build === BUILD) return module;
  throw failed(`it is of ${build ? `hatchet-scheduled ${build}` : "something else"}, and the code of ${BUILD}: serve the file of the same installation`);
}

function failed(reason, details) {
  return new HatchetError(`The client's WebAssembly could not be loaded: ${reason}.`, { code: "load", ...details });
}
