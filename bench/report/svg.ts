/** Drawings as SVG text: the same values give the same bytes. */

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written beside the bar. */
  readonly text: string;
  /** Number of the colour. */
  readonly series: number;
}

/** Bars that belong together, under one heading. */
export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABELS = 110;
const TEXTS = 150;
const LINE = 18;
const HEADING = 26;
const TITLE = 34;
/** Told apart by people who do not see all colours (most are of Okabe and Ito), on a white and on a black page. */
const COLOURS = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#b8a800",
  "#999999",
  "#555555",
  "#882255",
];

/**
 * Horizontal bars in groups, all to one scale.
 * @param scale `log`: equal lengths are equal factors, from the power of ten below the smallest value
 */
export function drawBars(title: string, groups: readonly BarGroup[], scale: "linear" | "log"): string {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value)).filter((value) => value > 0);
  const most = Math.max(...values);
  const least = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const room = WIDTH - LABELS - TEXTS;
  const length = (value: number): number => {
    if (!(value > 0)) return 0;
    const share = scale === "linear" ? value / most : Math.log(value / least) / Math.log(most / least);
    return share * room;
  };
  const parts: string[] = [text(8, 22, title, 'font-size="15" font-weight="bold"')];
  let y = TITLE;
  for (const { heading, bars } of groups) {
    parts.push(text(8, y + 16, heading, 'font-weight="bold"'));
    y += HEADING;
    for (const { label, value, text: beside, series } of bars) {
      const width = length(value);
      const colour = COLOURS[series % COLOURS.length] ?? "#999999";
      parts.push(
        ...(label === "" ? [] : [text(LABELS - 6, y + 12, label, 'text-anchor="end"')]),
        `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${LINE - 4}" fill="${colour}"/>`,
        text(LABELS + width + 5, y + 12, beside),
      );
      y += LINE;
    }
  }
  const height = y + 10;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`;
  return [head, `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`, ...parts, "</svg>", ""].join(
    "\n",
  );
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}"${attributes === "" ? "" : ` ${attributes}`}>${escaped}</text>`;
}
