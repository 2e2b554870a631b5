/** Text for a terminal: colours where they can be seen, lines that fit, and columns that stand below one another. */
import { styleText } from "node:util";
import { textWidth } from "../visible-text.js";

export type Style = "bold" | "dim" | "cyan" | "green" | "yellow" | "red";

/** How text is printed. */
export interface Terminal {
  /** Columns of a line. */
  readonly width: number;
  /** The text with escape sequences around it, or as it is where nobody would see a colour. */
  readonly paint: (style: Style, text: string) => string;
}

const NARROWEST = 40;
const WIDEST = 120;
/** The least that a cell is squeezed to. */
const NARROWEST_CELL = 10;

/** 80 columns without a colour: a file, a pipe, a test. */
export const PLAIN: Terminal = { width: 80, paint: (_, text) => text };

/** Standard output as it is. Node itself knows what `NO_COLOR` and `FORCE_COLOR` ask for. */
export function standardOutput(): Terminal {
  const { stdout } = process;
  // Without a terminal there is no such number.
  const columns = stdout.isTTY ? stdout.columns : PLAIN.width;
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    paint: (style, text) => styleText(style, text, { stream: stdout, validateStream: true }),
  };
}

/** The lines of a text; a word that does not fit into one is broken. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, width))) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The text with every line after a margin. */
export function indented(text: string, margin: string, width: number): string {
  return wrapped(text, width - margin.length)
    .map((line) => `${margin}${line}`.trimEnd())
    .join("\n");
}

/** Cells that are painted as a whole, whatever the lines they take. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** Rows as lines whose cells stand below one another. */
export function alignedRows(rows: readonly (readonly Cell[])[], terminal: Terminal, margin = ""): string {
  return alignedBlocks(rows, terminal, margin).join("\n");
}

/**
 * The lines of each row by themselves. What does not fit is wrapped inside its column; the widest columns give way first.
 */
export function alignedBlocks(
  rows: readonly (readonly Cell[])[],
  { width, paint }: Terminal,
  margin: string,
): readonly string[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const natural = Array.from({ length: count }, (_, at) =>
    rows.reduce((most, row) => Math.max(most, textWidth(textOf(row[at]))), 0),
  );
  const widths = squeezed(natural, width - margin.length - 2 * Math.max(0, count - 1));
  return rows.map((row) => {
    const cells = row.map((cell, at) => wrapped(textOf(cell), widths[at] ?? 0));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => {
      const last = cells.findLastIndex((lines) => (lines[line] ?? "") !== "");
      const parts = row.slice(0, last + 1).map((cell, at) => {
        const text = cells[at]?.[line] ?? "";
        const padding = at === last ? "" : " ".repeat((widths[at] ?? 0) - textWidth(text));
        return (typeof cell === "string" || text === "" ? text : paint(cell.style, text)) + padding;
      });
      return margin + parts.join("  ");
    }).join("\n");
  });
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "string" ? cell : (cell?.text ?? "");
}

function squeezed(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over -= 1) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST_CELL) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** The word itself, or pieces of it that fit. */
function pieces(word: string, width: number): readonly string[] {
  if (textWidth(word) <= width) return [word];
  const found: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const own = textWidth(character);
    if (used + own > width && piece !== "") {
      found.push(piece);
      piece = "";
      used = 0;
    }
    piece += character;
    used += own;
  }
  return [...found, piece];
}
