/** What rounds of samples come to. */

/** The median and the quartiles, between samples where they fall between. */
export function quartiles(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place % 1);
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), samples: sorted.length };
}

/** How one contestant compares with another, from the rounds that both took part in. */
export function compared(rounds, contestant, other, by) {
  const both = rounds.filter((round) => round[contestant] !== undefined && round[other] !== undefined);
  return quartiles(both.map((round) => (by === "ratio" ? round[contestant] / round[other] : round[contestant] - round[other])));
}

/** In an order of chance. */
export function shuffled(items) {
  const rest = [...items];
  for (let last = rest.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [rest[last], rest[other]] = [rest[other], rest[last]];
  }
  return rest;
}
