/** What the browser keeps for the page. Where cookies and site data are blocked it keeps nothing, and even asking throws. */

type Area = "localStorage" | "sessionStorage";

const refused = new Set<() => void>();

/** Told once, when something could not be kept. */
export function onRefusal(listener: () => void): void {
  refused.add(listener);
}

export function recall(area: Area, key: string): string | null {
  try {
    return globalThis[area].getItem(key);
  } catch {
    return null;
  }
}

export function keep(area: Area, key: string, text: string): void {
  try {
    globalThis[area].setItem(key, text);
  } catch {
    for (const listener of refused) listener();
    refused.clear();
  }
}

export function forget(area: Area, key: string): void {
  try {
    globalThis[area].removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
