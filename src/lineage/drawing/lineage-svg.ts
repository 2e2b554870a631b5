/** The drawing of the lineage as SVG: no script, no outside address, the same bytes for the same lineage. */
import { abbreviated, textWidth } from "../../visible-text.js";
import type { Lineage } from "../graph.js";
import { drawnBoxes, type Box, type Boxes, type Link } from "./boxes.js";
import { layOut, type Layout, type Point } from "./layout.js";
import { LINEAGE_STYLE } from "./svg-style.js";

/** Pixels. All text is in a font whose letters have one width, so that boxes fit without being measured. */
const LETTER = 7.25;
const LINE = 18;
const HEAD = 28;
const SUBTITLE = 16;
const PADDING = 12;
const NARROWEST = 110;
/** Columns of text in a box. */
const LONGEST_TEXT = 32;
/** Where a link that runs backwards passes below. */
const DETOUR = 60;
const LONGEST_SUMMARY = 600;

/**
 * A whole SVG document for a page or a file; in light and dark, and with its content in words for a screen reader.
 * @param id begins every `id` in it, so that several can stand in one page; `[a-z0-9_]+`
 */
export function lineageSvg(lineage: Lineage, id: string): string {
  const drawn = drawnBoxes(lineage);
  const { boxes, links } = drawn;
  const layout = layOut(
    boxes.map((box) => ({ ...sizeOf(box), isInput: box.kind === "input" })),
    links.map(({ from, to, row }) => ({ from, to, fromY: leavingAt(boxes[from], row) })),
  );
  const paths = links.map((link, index) => drawLink(link, layout.links[index] ?? [], id));
  const height = layout.height + (layout.links.some(isBackwards) ? DETOUR : 0);
  const [name = ""] = boxes.map(({ title }) => title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="lineage" viewBox="0 0 ${layout.width} ${height}"` +
      ` width="${layout.width}" height="${height}" role="img" aria-labelledby="${id}_title ${id}_desc">`,
    `<title id="${id}_title">${escaped(`Lineage of ${abbreviated(name, LONGEST_TEXT)}`)}</title>`,
    `<desc id="${id}_desc">${escaped(summary(lineage, drawn))}</desc>`,
    `<style>${LINEAGE_STYLE}</style>`,
    `<defs><marker id="${id}_arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
      '<path class="lineage-tip" d="M0 0.5 8 4 0 7.5z"/></marker></defs>',
    `<rect class="lineage-paper" width="${layout.width}" height="${height}"/>`,
    ...paths,
    ...boxes.map((box, index) => drawBox(box, index, layout)),
    "</svg>",
    "",
  ].join("\n");
}

function sizeOf(box: Box): { readonly width: number; readonly height: number } {
  const texts = [box.title, box.subtitle, ...box.rows.map(({ text }) => text)].map(cut);
  const width = Math.max(...texts.map((text) => textWidth(text) * LETTER)) + 2 * PADDING;
  return { width: Math.max(NARROWEST, Math.ceil(width)), height: headOf(box) + rowsHeight(box) };
}

function headOf({ subtitle }: Box): number {
  return HEAD + (subtitle === "" ? 0 : SUBTITLE);
}

function rowsHeight({ rows }: Box): number {
  return rows.length === 0 ? 0 : rows.length * LINE + PADDING / 2;
}

function leavingAt(box: Box | undefined, row: number | undefined): number {
  if (box === undefined) return 0;
  return row === undefined ? headOf(box) / 2 : headOf(box) + (row + 0.5) * LINE;
}

function drawBox(box: Box, index: number, layout: Layout): string {
  const { x, y } = layout.boxes[index] ?? { x: 0, y: 0 };
  const { width, height } = sizeOf(box);
  const head = headOf(box);
  const text = (className: string, baseline: number, content: string): string => {
    const shown = cut(content);
    const full = shown === content ? "" : `<title>${escaped(abbreviated(content, 4 * LONGEST_TEXT))}</title>`;
    return `<text class="${className}" x="${x + PADDING}" y="${y + baseline}">${escaped(shown)}${full}</text>`;
  };
  const rule = box.rows.length === 0 ? "" : `<path class="lineage-rule" d="M${x} ${y + head}h${width}"/>`;
  return [
    `<g class="lineage-box lineage-${box.kind}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    text("lineage-name", 19, box.title),
    ...(box.subtitle === "" ? [] : [text("lineage-note", 35, box.subtitle)]),
    rule,
    ...box.rows.map((row, at) =>
      text(row.isUsed ? "lineage-row" : "lineage-row lineage-unused", head + at * LINE + 13, row.text),
    ),
    "</g>",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function drawLink({ isImplied, title }: Link, points: readonly Point[], id: string): string {
  const className = isImplied ? "lineage-link lineage-implied" : "lineage-link";
  return `<path class="${className}" marker-end="url(#${id}_arrow)" d="${pathOf(points)}"><title>${escaped(title)}</title></path>`;
}

/** Level through each lane, and a curve from one layer to the next. */
function pathOf(points: readonly Point[]): string {
  const [start, ...others] = points;
  if (start === undefined) return "";
  const end = others.at(-1) ?? start;
  if (isBackwards(points)) {
    const low = Math.max(start.y, end.y) + DETOUR;
    return `M${at(start)}C${at({ x: start.x + DETOUR, y: low })} ${at({ x: end.x - DETOUR, y: low })} ${at(end)}`;
  }
  let before = start;
  const steps = others.map((point, index) => {
    const middle = (before.x + point.x) / 2;
    // Lanes are pairs of points, so every second step is level.
    const step =
      index % 2 === 1
        ? `H${round(point.x)}`
        : `C${at({ x: middle, y: before.y })} ${at({ x: middle, y: point.y })} ${at(point)}`;
    before = point;
    return step;
  });
  return `M${at(start)}${steps.join("")}`;
}

function isBackwards(points: readonly Point[]): boolean {
  return (points.at(-1)?.x ?? 0) <= (points[0]?.x ?? 0);
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function cut(text: string): string {
  return abbreviated(text, LONGEST_TEXT);
}

function summary({ nodes }: Lineage, { boxes, links, omitted }: Boxes): string {
  const names = boxes
    .slice(1)
    .map(({ title, subtitle }) => cut(subtitle === "" ? title : `${title} (${subtitle})`));
  const what = `Made from ${names.length === 0 ? "nothing that is known" : names.join(", ")}.`;
  const size = `${nodes.length} things, ${links.length} links drawn.`;
  const rest = omitted === 0 ? "" : ` ${omitted} objects are not drawn.`;
  return `${abbreviated(what, LONGEST_SUMMARY)} ${size}${rest}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that was made visible before: characters that XML cannot hold are gone by then. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
