/** The tree of the lineage for a terminal. */
import type { Lineage } from "../lineage/graph.js";
import { lineageTree, type TreeLine } from "../lineage/lineage-tree.js";
import { visibleText } from "../visible-text.js";
import { wrapped, type Terminal } from "./terminal.js";

const LONGEST_DETAILS = 1000;
/** The least room for words beside the branches. */
const LEAST_ROOM = 20;

/** @param mostLines lines of the tree; what is beyond is counted. Names that do not fit go on in a line below. */
export function printLineage(lineage: Lineage, terminal: Terminal, mostLines?: number): string {
  const { lines, omitted } = lineageTree(lineage, mostLines);
  const rest = omitted === 0 ? [] : [`… ${omitted} more lines (--lineage tree shows all)`];
  return [...lines.map((line) => printLine(line, terminal)), ...rest].join("\n");
}

function printLine({ branch, hang, name, details }: TreeLine, { width, paint }: Terminal): string {
  const shown = visibleText(name);
  const text = details === "" ? shown : `${shown}  ${visibleText(details, LONGEST_DETAILS)}`;
  // Words that follow stand a little further in than the name that they belong to.
  const follow = `${hang}   `;
  const [first = "", ...others] = wrapped(text, Math.max(LEAST_ROOM, width - follow.length));
  const painted = first.startsWith(shown)
    ? paint("bold", shown) + paint("dim", first.slice(shown.length))
    : first;
  return [branch + painted, ...others.map((line) => follow + paint("dim", line))].join("\n");
}
