import { spawn } from "node:child_process";

const OPENERS = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] };

/** Opens a link in the user's browser. Where there is none, the link was printed. */
export function openInBrowser(link) {
  const [program, ...options] = OPENERS[process.platform] ?? ["xdg-open"];
  // A browser outlives this, and what it starts reads its environment: the token is not theirs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("HATCHET_")));
  const child = spawn(program, [...options, link], { stdio: "ignore", detached: true, env });
  child.on("error", () => {});
  child.unref();
}
