/** Browsers that translate a page, as far as they change its document. What they translated is in ⟦brackets⟧. */

import type { Page } from "playwright-core";

/** Installed in the page: leaves alone what must not be translated, and what comes anew is translated too. */
const watch = `(translate) => {
  const barred = (node) => node.parentElement?.closest("script, style, textarea, [translate=no]");
  const textsIn = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    return texts.filter((text) => text.data.trim() && !text.data.includes("⟦") && !barred(text));
  };
  const begin = () => {
    const root = inside();
    if (!root?.firstChild) return requestAnimationFrame(begin);
    translate(textsIn(root));
    new MutationObserver((records) => {
      const added = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node.isConnected);
      translate([...new Set(added.flatMap((node) => (node.nodeType === Node.TEXT_NODE ? textsIn(node.parentNode).filter((text) => text === node) : textsIn(node))))]);
    }).observe(root, { childList: true, subtree: true });
  };
  addEventListener("DOMContentLoaded", begin);
}`;

export const translators = {
  /** Puts elements in the place of text nodes, a moment after it has read them. */
  Chrome: `(${watch})((texts) => setTimeout(() => {
    for (const text of texts) {
      if (!text.isConnected) continue;
      const outer = document.createElement("font");
      outer.append(document.createElement("font"));
      outer.firstChild.textContent = text.data.replace(/\\S.*\\S|\\S/s, "⟦$&⟧");
      text.replaceWith(outer);
    }
  }, 20))`,
  /** Fills the elements around texts anew, and leaves out whatever is neither text nor element. */
  Firefox: `(${watch})((texts) => setTimeout(() => {
    for (const parent of new Set(texts.map((text) => text.parentElement))) {
      if (!parent?.isConnected) continue;
      const kept = [...parent.childNodes].filter((node) => node.nodeType !== Node.COMMENT_NODE);
      for (const text of kept) if (texts.includes(text)) text.data = text.data.replace(/\\S.*\\S|\\S/s, "⟦$&⟧");
      parent.replaceChildren(...kept);
    }
  }, 20))`,
} as const;

export type Translator = keyof typeof translators;

export function translateWith(translator: Translator): (page: Page) => Promise<void> {
  return async (page) => void (await page.addInitScript(translators[translator]));
}

/** The letters that the page shows, whether it was translated or not: an element of its own gives a text other spaces. */
export async function lettersOf(page: Page, selector = ".frame"): Promise<string> {
  const text = await page.locator(selector).innerText();
  return text.replace(/[⟦⟧\s]/g, "");
}
