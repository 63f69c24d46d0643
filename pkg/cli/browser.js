import { spawn } from "node:child_process";

const OPENERS = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] };

/** Opens a link in the user's browser. Where there is none, the link was printed. */
export function openInBrowser(link) {
  const [program, ...options] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...options, link], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
