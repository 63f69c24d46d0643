/** A search as it is typed: what is added to a text can but narrow what it found. */

import type { Run } from "../list/run.ts";
import { compileSearch } from "./filter.ts";

/** Texts that are longer by a letter each are kept so far back. */
const STEPS = 16;

/** Searches runs by one text after the other. Where nothing is left out, the same list is given again. */
export class Search {
  #runs: readonly Run[] = [];
  /** Each text begins with the one before it. */
  #steps: { text: string; found: readonly Run[] }[] = [];

  in(runs: readonly Run[], text: string): readonly Run[] {
    if (runs !== this.#runs) this.#steps = [];
    this.#runs = runs;
    const wanted = text.toLowerCase().trimStart();
    const steps = this.#steps.filter((step) => wanted.startsWith(step.text));
    const last = steps.at(-1) ?? { text: "", found: runs };
    if (last.text !== wanted) {
      const found = last.found.filter(compileSearch(wanted));
      steps.push({ text: wanted, found: found.length === last.found.length ? last.found : found });
    }
    this.#steps = steps.slice(-STEPS);
    return steps.at(-1)?.found ?? runs;
  }
}
