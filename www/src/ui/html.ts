/**
 * Templates whose words may be translated. A browser that translates a page puts elements of its own in the place of
 * text nodes. lit-html would go on writing into the nodes that are gone, so a text that changes is made anew; and it
 * would find the end of a value by the text that follows, so a comment stands between. Every template of the page is
 * made here.
 */

import { html as litHtml, type SVGTemplateResult, svg as litSvg, type TemplateResult } from "lit-html";
import { type ChildPart, Directive, directive, type Part, PartType } from "lit-html/directive.js";
import { setCommittedValue } from "lit-html/directive-helpers.js";

export { nothing, type SVGTemplateResult, type TemplateResult } from "lit-html";

class Renewed extends Directive {
  #key: unknown;

  override render(_key: unknown, value: unknown): unknown {
    return value;
  }

  override update(part: Part, [key, value]: [unknown, unknown]): unknown {
    if (part.type === PartType.CHILD && key !== this.#key) setCommittedValue(part as ChildPart);
    this.#key = key;
    return value;
  }
}

/** Shows a value in nodes of its own, which are made anew with every new key. */
export const renewed = directive(Renewed);

interface Prepared {
  strings: TemplateStringsArray;
  /** Of each value whether it stands among texts and elements, not within a tag. */
  among: boolean[];
}

const known = new WeakMap<TemplateStringsArray, Prepared>();

function prepare(strings: TemplateStringsArray): Prepared {
  let inTag = false;
  const among = strings.map((text) => {
    if (/[<>]/.test(text)) inTag = text.lastIndexOf("<") > text.lastIndexOf(">");
    return !inTag;
  });
  const ended = strings.map((text, index) => (among[index - 1] ? "<!---->" : "") + text);
  const prepared = { strings: Object.assign(ended, { raw: ended }), among };
  known.set(strings, prepared);
  return prepared;
}

type Tag<Result> = (strings: TemplateStringsArray, ...values: unknown[]) => Result;

function translatable<Result>(tag: Tag<Result>): Tag<Result> {
  return (original, ...values) => {
    const { strings, among } = known.get(original) ?? prepare(original);
    return tag(strings, ...values.map((value, index) =>
      among[index] && (typeof value === "string" || typeof value === "number") ? renewed(value, value) : value));
  };
}

export const html: Tag<TemplateResult<1>> = translatable(litHtml);
export const svg: Tag<SVGTemplateResult> = translatable(litSvg);

/** What people read: words, or words with data amid them. */
export type Words = string | TemplateResult;

/** Data amid words: a name, a time, an id. It is not to be translated. */
export function verbatim(text: string | number): TemplateResult {
  return html`<span translate="no">${text}</span>`;
}
