/** The running page: its state, the client, and the one way to change either. */

import type { ScheduledClient } from "hatchet-scheduled";
import type { Words } from "../ui/html.ts";
import { Derived } from "./derived.ts";
import { ServerClock } from "./server-clock.ts";
import { type Dialog, initialState, type State, type Toast } from "./state.ts";

const TOAST_TIME = 6_000;

export class App {
  /** What is shown and asked for goes by the server's clock. */
  readonly clock = new ServerClock();
  state: State = initialState(this.clock.now());
  readonly derived = new Derived(() => this.state);
  /** Set while connected. */
  client: ScheduledClient | undefined;
  /** Looks at the server now, from the rows as they are. Set by what keeps them current. */
  lookAgain: () => void = () => {};

  #listeners = new Set<() => void>();
  #opener: HTMLElement | undefined;
  #lastToast = 0;

  now(): number {
    return this.clock.now();
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Opens a dialog in place of any other; focus goes back to what opened the first one. */
  openDialog(dialog: Dialog): void {
    if (!this.state.dialog) this.#opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    this.set({ dialog });
  }

  closeDialog(): void {
    const opener = this.#opener;
    this.#opener = undefined;
    this.set({ dialog: undefined });
    requestAnimationFrame(() => {
      if (this.state.dialog) return;
      const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector<HTMLElement>(".grid");
      back?.focus({ preventScroll: true });
    });
  }

  toast(text: Words, options: Partial<Pick<Toast, "tone" | "action" | "until" | "countdown">> = {}): number {
    this.#lastToast += 1;
    const toast: Toast = {
      id: this.#lastToast, text, tone: "plain", action: undefined, until: this.now() + TOAST_TIME, countdown: false, ...options,
    };
    this.set({ toasts: [...this.state.toasts.slice(-2), toast] });
    return toast.id;
  }

  dismissToast(id: number): void {
    this.set({ toasts: this.state.toasts.filter((toast) => toast.id !== id) });
  }
}
