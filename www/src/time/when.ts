/** A time while it is being typed, with the answer to "which of the two?" where the clocks are put back. */

export interface WhenDraft {
  text: string;
  choice: "earlier" | "later" | undefined;
}

export const emptyWhen: WhenDraft = { text: "", choice: undefined };
