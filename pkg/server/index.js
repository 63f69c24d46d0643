export { createHandler } from "./handler.js";
export { memoryStore, signAccess, signedAccess } from "./sign.js";
export { toNodeHandler } from "./node.js";
