/** What rounds of a measure come to, beside its goals. */
import { PEERS } from "./options.mjs";
import { compared, quartiles } from "./statistics.mjs";

/** The figures of all who took part in `rounds`, and how they compare with plain fetch. */
export function resultOf({ rounds, ...measure }, packages) {
  const names = ["plain", ...packages.map(({ name }) => name), ...PEERS].filter((name) => rounds.some((round) => name in round));
  const samples = (name) => rounds.map((round) => round[name]).filter((sample) => sample !== undefined);
  const figures = Object.fromEntries(names.map((name) => [name, quartiles(samples(name))]));
  const others = names.filter((name) => name !== "plain");
  const versus = Object.fromEntries(others.map((name) => [name, compared(rounds, name, "plain", measure.by)]));
  const isAhead = (name) => PEERS.every((peer) => !names.includes(peer) || compared(rounds, name, peer, "ratio").median < 1);
  return judged({ ...measure, figures, versus, isAhead: measure.ahead && PEERS.some((peer) => names.includes(peer)) && isAhead }, packages);
}

/** A result with whether its goals are met, by package. */
export function judged({ name, title, by, unit, goal, stretch, isAhead, requests, figures, versus }, packages) {
  const goals = {};
  for (const { name } of packages) {
    const most = (what, most) => (most === undefined ? [] : [{ what, most, met: versus[name].median <= most }]);
    const ahead = isAhead ? [{ what: "ahead", met: isAhead(name) }] : [];
    goals[name] = [...most("goal", goal), ...most("stretch", stretch), ...ahead];
  }
  return { name, title, unit, by, figures, versus, goals, ...(requests && { requests }) };
}
