/** What of a page cannot be read or pressed: text that is cut off, labels that overlap, buttons too small. */

import type { Page } from "playwright-core";

/** Installed in the page: gives one line for each fault. */
const look = `(() => {
  const faults = [];
  const short = (text) => JSON.stringify(text.trim().slice(0, 60));
  const of = (element) => element.tagName.toLowerCase() + (typeof element.className === "string" && element.className ? "." + element.className.trim().replace(/\\s+/g, ".") : "");
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true }) && getComputedStyle(element).clipPath === "none";
  // What a title tells of a text that has no room.
  const toldBesides = (element, text) => {
    for (let at = element; at; at = at.parentElement) if (at.title && at.title.replace(/\\s+/g, " ").includes(text.trim().replace(/\\s+/g, " "))) return true;
    return false;
  };
  const clips = (style, axis) => {
    const overflow = axis === "x" ? style.overflowX : style.overflowY;
    return overflow === "hidden" || overflow === "clip" || (overflow === "visible" && /paint|strict|content/.test(style.contain));
  };
  const walker = document.createTreeWalker(inside(), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.data.trim() || element.closest("svg, script, style, select, textarea, datalist") || !shown(element)) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "inline" || style.display === "contents") continue;
      const outer = at.getBoundingClientRect();
      const across = clips(style, "x") && (box.right > outer.right + 1 || box.left < outer.left - 1);
      const down = clips(style, "y") && (box.bottom > outer.bottom + 3 || box.top < outer.top - 3);
      if (across || down) {
        const by = Math.round(box.right - outer.right) + ", " + Math.round(box.bottom - outer.bottom);
        if (!toldBesides(element, text.data)) faults.push("cut off: " + short(text.data) + " in " + of(at) + " by " + by);
        break;
      }
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) break;
    }
  }
  // A native field says nothing of what it cuts off: beside it one as wide as it would like to be tells.
  for (const field of inside().querySelectorAll("select, input[type=date], input[type=datetime-local]")) {
    if (!shown(field)) continue;
    const twin = field.cloneNode(true);
    if (field.tagName === "SELECT") twin.replaceChildren(field.selectedOptions[0].cloneNode(true));
    else twin.value = field.value;
    twin.style.cssText = "position:absolute;visibility:hidden;width:max-content;min-width:0;max-width:none;flex:none;grid-column:auto";
    field.after(twin);
    const wanted = twin.getBoundingClientRect().width;
    twin.remove();
    const { width } = field.getBoundingClientRect();
    if (wanted > width + 1) faults.push("cut off: " + (field.value || field.type) + " in " + of(field) + " by " + Math.round(wanted - width));
  }
  const labels = [...inside().querySelectorAll("svg text")].filter(shown).map((label) => ({ label, box: label.getBoundingClientRect() }));
  for (const [index, { label, box }] of labels.entries()) {
    const frame = label.ownerSVGElement.getBoundingClientRect();
    if (box.left < frame.left - 1 || box.right > frame.right + 1) faults.push("cut off: label " + short(label.textContent));
    for (const other of labels.slice(index + 1)) {
      if (other.label.ownerSVGElement !== label.ownerSVGElement) continue;
      if (box.left < other.box.right && other.box.left < box.right && box.top < other.box.bottom - 2 && other.box.top < box.bottom - 2) {
        faults.push("labels overlap: " + short(label.textContent) + " and " + short(other.label.textContent));
      }
    }
  }
  for (const button of inside().querySelectorAll("button, summary, select, input:not([type=checkbox], [type=radio])")) {
    if (!shown(button)) continue;
    const { width, height } = button.getBoundingClientRect();
    if (width < 23.9 || height < 23.9) faults.push("small: " + of(button) + " " + short(button.ariaLabel ?? button.textContent) + " " + Math.round(width) + " x " + Math.round(height));
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) faults.push("the page is " + scrollWidth + " px wide in a window of " + innerWidth);
  return [...new Set(faults)];
})()`;

export function unreadable(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(look);
}
