/** The running page: its state, the client, and the one way to change either. */

import type { Operation, ScheduledClient } from "hatchet-scheduled";
import { fill, HATCHETS, type LinkTemplates } from "../connection/links.ts";
import type { Words } from "../ui/html.ts";
import { Derived } from "./derived.ts";
import { ServerClock } from "./server-clock.ts";
import { type Dialog, initialState, type State, type Toast } from "./state.ts";

const TOAST_TIME = 6_000;

/** What was told as done and is sent a little later, so that it can be undone. */
export interface Unsent {
  count: number;
  send: (outlivesPage: boolean) => void;
}

/** What a user may do: by the server's word, and by the page's own. */
export type May = (operation: Operation) => boolean;

export class App {
  /** Where all of it is drawn: other parts of the document are not for the dashboard to look at. */
  readonly root: ShadowRoot;
  may: May = () => true;
  /** Whether `may` is the last word. */
  knowsAccess = true;
  links: LinkTemplates = HATCHETS;
  /** Inputs are kept back by the server. */
  hidesInput = false;
  /** What is shown and asked for goes by the server's clock. */
  readonly clock = new ServerClock();
  state: State = initialState(this.clock.now());
  readonly derived = new Derived(() => this.state);
  /** Set while connected. */
  client: ScheduledClient | undefined;
  /** Aborted while the dashboard is not in a page. */
  running = AbortSignal.abort();
  readonly unsent = new Set<Unsent>();
  /** Looks at the server now, from the rows as they are. Set by what keeps them current. */
  lookAgain: () => void = () => {};

  #listeners = new Set<() => void>();
  #opener: HTMLElement | undefined;
  #opening = 0;
  #lastToast = 0;

  constructor(root: ShadowRoot) {
    this.root = root;
  }

  /** The address of a page of Hatchet's, where one is known. */
  addressOf(kind: keyof LinkTemplates, values: Readonly<Record<string, string>>): string | undefined {
    const { connection } = this.state;
    const template = this.links[kind];
    return template && connection.phase === "connected" ? fill(template, { server: connection.serverUrl, ...values }) : undefined;
  }

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
    this.#opening += 1;
    if (!this.state.dialog) this.#opener = this.root.activeElement instanceof HTMLElement ? this.root.activeElement : undefined;
    this.set({ dialog });
  }

  closeDialog(): void {
    this.#opening += 1;
    const opener = this.#opener;
    this.#opener = undefined;
    this.set({ dialog: undefined });
    requestAnimationFrame(() => {
      if (this.state.dialog) return;
      const back = opener?.isConnected ? opener : this.root.querySelector<HTMLElement>(".grid");
      back?.focus({ preventScroll: true });
    });
  }

  /** Tells, once an answer is there, whether the dialog that asked is open still: not another, nor the same one opened again. */
  whileOpen(): () => boolean {
    const opening = this.#opening;
    return () => this.#opening === opening;
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
