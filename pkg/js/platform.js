/** What the WebAssembly needs of the runtime beside `fetch`: timers, a clock and the rules of time zones. */

// As they are when the package is imported: tests put others in their place, which then stand still.
const { setTimeout, clearTimeout } = globalThis;
const performanceNow = globalThis.performance?.now.bind(globalThis.performance);

/** More zones than a program is likely to use at a time; a formatter weighs some 45 KB. */
const KEPT_FORMATTERS = 64;
const formatters = new Map();

const timers = new Set();

/** Starts a timer. One that is cancelled goes off, too: a promise that never settles keeps the WebAssembly's callbacks for good. */
function sleep(milliseconds) {
  let timer, wake;
  const promise = new Promise((resolve) => (timer = setTimeout((wake = resolve), milliseconds)));
  timers.add(timer);
  const cancel = () => {
    stop(timer);
    wake();
  };
  return { promise, cancel };
}

/** A pending timer keeps a process alive. */
function stop(timer) {
  clearTimeout(timer);
  timers.delete(timer);
}

/** Ends every timer: after a panic nothing in the WebAssembly does. */
export function stopTimers() {
  timers.forEach(stop);
}

/** What waits go by: timers, a clock that nobody sets where the runtime has one, and the time. */
export const clock = { sleep, monotonic: () => (performanceNow ? performanceNow() : Date.now()), now: () => Date.now() };

/** Whether the runtime's requests know `cache`: some refuse what they do not know. */
export function takesCache() {
  return typeof Request === "function" && "cache" in Request.prototype;
}

/** Seconds east of UTC that clocks in a zone show at an instant in milliseconds since 1970; NaN for an unknown zone. */
export function offset(zone, at) {
  try {
    // Some 0.1 ms to make and 2 µs to use. Shows "31, 23:15:30".
    const [day, hour, minute, second] = formatter(zone).format(at).match(/\d+/g).map(Number);
    const utc = new Date(at);
    // No clock is a whole day from UTC, so the days of the month tell yesterday from tomorrow without year and month.
    let days = day - utc.getUTCDate();
    if (Math.abs(days) > 1) days = -Math.sign(days);
    const hours = days * 24 + (hour % 24) - utc.getUTCHours();
    return (hours * 60 + minute - utc.getUTCMinutes()) * 60 + second - utc.getUTCSeconds();
  } catch {
    return NaN;
  }
}

function formatter(timeZone) {
  let known = formatters.get(timeZone);
  if (!known) {
    const numeric = "numeric";
    known = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", day: numeric, hour: numeric, minute: numeric, second: numeric });
    if (formatters.size === KEPT_FORMATTERS) formatters.clear();
    formatters.set(timeZone, known);
  }
  return known;
}
