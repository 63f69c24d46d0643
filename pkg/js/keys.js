/** Says that a key is not known, and which one was probably meant. */
export function unknownKey(key, known) {
  const meant = closest(key, known);
  return `unknown key ${JSON.stringify(key)}: ${meant ? `did you mean "${meant}"?` : `known keys are ${known.join(", ")}`}`;
}

function closest(word, candidates) {
  const folded = word.toLowerCase();
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best;
  for (const candidate of candidates) {
    const distance = editDistance(folded, candidate.toLowerCase());
    const near = distance <= limit && distance < candidate.length;
    const begun = word.length > 2 && candidate.toLowerCase().startsWith(folded);
    if ((near || begun) && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein. The word may come from anywhere, so its length is bounded. */
function editDistance(a, b) {
  if (a.length > 64) return Infinity;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
