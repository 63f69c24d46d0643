/** What a key means as a shortcut, on any layout and under Caps Lock. */

/**
 * A letter in lower case, by its place on the keyboard where the layout has no Latin letter there; "/" and "?" also
 * where Cyrillic, Hebrew or Arabic layouts have others in their place. All other keys as the browser names them.
 */
export function shortcutOf({ key, code, shiftKey }: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string {
  if (key.length > 1) return key;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (code.startsWith("Key")) return code.slice(3).toLowerCase();
  const elsewhere = key > "\x7f" || key === (shiftKey ? "," : ".");
  return code === "Slash" && elsewhere ? (shiftKey ? "?" : "/") : key;
}
