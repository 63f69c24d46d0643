import { Refusal } from "./refusal.js";

/** The JSON object that a request carries; what is longer than `limit` bytes is not read to its end. */
export async function readJson(request, limit) {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Refusal(415, "The body has to be JSON, and say so by its content-type.");
  const text = await readText(request, limit);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(400, "The body has to be a JSON object.");
  return value;
}

/** Refuses a body where there is none to be: a form of another site's page could bring one. */
export function demandNoBody(request) {
  const length = request.headers.get("content-length");
  if ((length === null || length === "0") && (request.body === null || !request.headers.has("content-type"))) return;
  if (/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) return;
  throw new Refusal(415, "This call has no body, or an empty one that says it is JSON.");
}

async function readText(request, limit) {
  const tooLarge = () => new Refusal(413, `The body may have ${limit} bytes at most.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > limit) {
      await reader.cancel().catch(() => {});
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
