/** Lines over two logarithmic axes, as an SVG that stands by itself. */

const PANEL = { width: 400, height: 330, left: 58, right: 232, top: 46, bottom: 44 };
/** Okabe and Ito's, which people who see fewer colours tell apart, less its yellow. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#7f7f7f"];
/** Between the middles of two labels. */
const LINE = 15;

/**
 * @param panels - side by side, each `{ title, x, y, lines }`: what the axes say, and lines `{ name, points: [[x, y], …] }`, all
 * above zero.
 */
export function logLogPlot(panels) {
  const width = panels.length * (PANEL.left + PANEL.width + PANEL.right);
  const height = PANEL.top + PANEL.height + PANEL.bottom;
  const drawn = panels.map((panel, at) => `<g transform="translate(${at * (width / panels.length) + PANEL.left} ${PANEL.top})">${panelOf(panel)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12">
<title>${escaped(panels.map(({ title }) => title).join("; "))}</title>
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join("\n")}
</svg>
`;
}

function panelOf({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const across = axis(points.map(([value]) => value), PANEL.width);
  const up = axis(points.map(([, value]) => value), PANEL.height);
  const above = (value) => PANEL.height - up.place(value);
  const ends = lines.map(({ points }) => above(points.at(-1)[1]));
  const labels = apart(ends);
  return [
    `<text y="-24" font-size="14" font-weight="600">${escaped(title)}</text>`,
    ...up.powers.map((power) => `<path d="M0 ${round(above(10 ** power))}H${PANEL.width}" stroke="#e3e3e3"/><text x="-8" y="${round(above(10 ** power) + 4)}" text-anchor="end" fill="#555">${told(power)}</text>`),
    ...across.powers.map((power) => `<path d="M${round(across.place(10 ** power))} 0V${PANEL.height}" stroke="#e3e3e3"/><text x="${round(across.place(10 ** power))}" y="${PANEL.height + 18}" text-anchor="middle" fill="#555">${told(power)}</text>`),
    `<text x="${PANEL.width / 2}" y="${PANEL.height + 37}" text-anchor="middle">${escaped(x)}</text>`,
    `<text x="-46" y="-8">${escaped(y)}</text>`,
    ...lines.map(({ name, points }, at) => {
      const colour = COLOURS[at % COLOURS.length];
      const places = points.map(([value, cost]) => [round(across.place(value)), round(above(cost))]);
      const last = places.at(-1);
      return `<path d="M${places.map((place) => place.join(" ")).join("L")}" fill="none" stroke="${colour}" stroke-width="2"/>${places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`).join("")}<path d="M${last[0] + 5} ${last[1]}L${last[0] + 16} ${round(labels[at])}" stroke="${colour}" fill="none"/><text x="${last[0] + 20}" y="${round(labels[at] + 4)}" fill="${colour}">${escaped(name)}</text>`;
    }),
  ].join("\n");
}

/** Whole powers of ten around the values, and where between them a value lies. */
function axis(values, length) {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.max(Math.ceil(Math.log10(Math.max(...values)) - 1e-9), from + 1);
  return {
    powers: Array.from({ length: to - from + 1 }, (_, at) => from + at),
    place: (value) => ((Math.log10(value) - from) / (to - from)) * length,
  };
}

/** The places of labels, moved as little as none covers another. */
function apart(places) {
  const order = places.map((_, at) => at).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  for (let pass = 0; pass < 100; pass += 1) {
    for (let at = 1; at < order.length; at += 1) {
      const short = LINE - (moved[order[at]] - moved[order[at - 1]]);
      if (short <= 0) continue;
      moved[order[at - 1]] -= short / 2;
      moved[order[at]] += short / 2;
    }
  }
  return moved;
}

const told = (power) => (10 ** power).toLocaleString("en", { maximumFractionDigits: 9 });
const round = (value) => Math.round(value * 10) / 10;
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
