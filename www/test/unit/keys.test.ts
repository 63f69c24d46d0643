import assert from "node:assert/strict";
import { test } from "node:test";
import { shortcutOf } from "../../src/ui/keys.ts";

const press = (key: string, code: string, shiftKey = false) => shortcutOf({ key, code, shiftKey });

test("a shortcut's letter is found on every layout and under Caps Lock", () => {
  const same: [string, [string, string][]][] = [
    ["n", [["n", "KeyN"], ["N", "KeyN"], ["т", "KeyN"], ["Т", "KeyN"], ["ν", "KeyN"], ["מ", "KeyN"], ["n", "KeyL"]]],
    ["r", [["r", "KeyR"], ["к", "KeyR"], ["ρ", "KeyR"], ["r", "KeyO"]]],
    ["a", [["a", "KeyQ"], ["ф", "KeyA"], ["α", "KeyA"], ["Α", "KeyA"]]],
  ];
  for (const [letter, keys] of same) for (const [key, code] of keys) assert.equal(press(key, code), letter, `${key} on ${code}`);
  assert.equal(press("q", "KeyA"), "q", "the letter counts before the place, as on a French keyboard");
});

test("/ and ? are taken as typed, and by their place where a layout has others there", () => {
  for (const [key, code, shift] of [["/", "Slash", false], ["/", "Digit7", true], ["/", "Backslash", true], [".", "Slash", false], ["ظ", "Slash", false]] as const) {
    assert.equal(press(key, code, shift), "/", `${key} on ${code}`);
  }
  for (const [key, code] of [["?", "Slash"], ["?", "Minus"], ["?", "Digit7"], [",", "Slash"], ["؟", "Slash"]] as const) {
    assert.equal(press(key, code, true), "?", `${key} on ${code}`);
  }
  assert.equal(press("-", "Slash"), "-", "as on a German keyboard");
  assert.equal(press(".", "Period"), ".");
});

test("keys with a name keep it", () => {
  for (const key of ["ArrowDown", "Enter", "Delete", "Escape"]) assert.equal(press(key, key), key);
  assert.equal(press(" ", "Space"), " ");
});
