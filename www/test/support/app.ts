/** The state of a dashboard without a page, with a client that answers what and when a test says. */

import type { Operation, ScheduledClient } from "hatchet-scheduled";
import { App } from "../../src/state/app.ts";

/** What a dashboard needs of a page in order to open and close dialogs, and to tell what went wrong. */
Object.assign(globalThis, { HTMLElement: class {}, requestAnimationFrame: () => 0, location: { origin: "https://page.example" } });
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });

export function bareApp(client: object, allow?: readonly Operation[]): App {
  const app = new App({ activeElement: null } as ShadowRoot);
  app.client = client as ScheduledClient;
  if (allow) app.may = (operation) => allow.includes(operation);
  return app;
}

/** Questions that are answered by hand, in any order. */
export class Answers<T> {
  readonly #open: { resolve: (answer: T) => void; reject: (error: unknown) => void }[] = [];

  readonly ask = (): Promise<T> => new Promise((resolve, reject) => this.#open.push({ resolve, reject }));

  /** Answers the question that was asked at this place, counted from 0, and lets what waits for it go on. */
  async answer(place: number, answer: T | Error): Promise<void> {
    const question = this.#open[place];
    if (!question) throw new Error(`nothing was asked at ${place}`);
    if (answer instanceof Error) question.reject(answer);
    else question.resolve(answer);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
