/** The inputs and the answer of an artifact for a terminal. */
import type {
  DescribedColumn,
  DescribedOutput,
  DescribedTable,
  TypeOrigin,
} from "../describe/description.js";
import { encodeJson } from "../json/encode.js";
import { abbreviated, visibleText } from "../visible-text.js";
import { alignedBlocks, alignedRows, indented, wrapped, type Terminal } from "./terminal.js";

/** More columns than this are grouped by their type, unless everything is asked for. */
const MOST_SINGLE = 40;
/** Lines of names in a group. */
const MOST_NAME_LINES = 3;
const LONGEST_NAME = 60;
const LONGEST_TYPE = 400;
const LONGEST_DEFAULT = 60;
const LONGEST_ABOUT = 1000;
const MOST_VALUES = 30;

const ORIGINS = {
  "input_info.json": "",
  "metadata.json": "from the metadata",
  convention: "by the convention for chats",
  lock: "type from the lock",
  unknown: "type not stated",
} as const satisfies Record<TypeOrigin, string>;

export function printTable(table: DescribedTable, terminal: Terminal, isFull: boolean): string {
  const { alias, nullable, description, columns } = table;
  const rows = nullable ? "any number of rows" : "at least one row";
  const title = `table ${visibleText(alias, LONGEST_NAME)} (${rows}, ${counted(columns.length, "column")})`;
  const about = description === "" ? [] : [paintedText(description, "  ", terminal)];
  return [terminal.paint("bold", title), ...about, printColumns(columns, terminal, isFull)].join("\n");
}

/** Arguments or runtime parameters; empty when there are none. */
export function printSingles(
  title: string,
  columns: readonly DescribedColumn[],
  terminal: Terminal,
  isFull: boolean,
): string {
  if (columns.length === 0) return "";
  return `${terminal.paint("bold", title)}\n${printColumns(columns, terminal, isFull)}`;
}

export function printOutput({ isList, fields }: DescribedOutput, terminal: Terminal): string {
  if (fields.length === 0) return "";
  const rows = fields.map(({ name, type }) => [
    abbreviated(name, LONGEST_NAME),
    { text: abbreviated(type, LONGEST_TYPE), style: "cyan" } as const,
  ]);
  const title = isList ? "answer (a list of records)" : "answer (one record)";
  return `${terminal.paint("bold", title)}\n${alignedRows(rows, terminal, "  ")}`;
}

/** `1 column`, `12 columns` */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function printColumns(columns: readonly DescribedColumn[], terminal: Terminal, isFull: boolean): string {
  if (columns.length > MOST_SINGLE && !isFull) return printGroups(columns, terminal);
  const rows = columns.map((column) => [
    abbreviated(column.alias, LONGEST_NAME),
    { text: abbreviated(column.type, LONGEST_TYPE), style: "cyan" } as const,
    presenceOf(column),
  ]);
  const blocks = alignedBlocks(rows, terminal, "  ");
  return columns
    .map((column, at) => {
      const about = aboutColumn(column);
      const lines = about === "" ? [] : [paintedText(about, "      ", terminal)];
      return [blocks[at] ?? "", ...lines].join("\n");
    })
    .join("\n");
}

/** One line for all columns of a type, and the names below it as far as a few lines hold them. */
function printGroups(columns: readonly DescribedColumn[], terminal: Terminal): string {
  const groups = new Map<string, DescribedColumn[]>();
  for (const column of columns) {
    const key = `${abbreviated(column.type, LONGEST_TYPE)}, ${presenceOf(column)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [column]);
    else group.push(column);
  }
  const blocks = [...groups].map(([key, group]) => {
    const title = indented(`${key}: ${counted(group.length, "column")}`, "  ", terminal.width);
    return [terminal.paint("cyan", title), ...namesOf(group, terminal)].join("\n");
  });
  return [...blocks, terminal.paint("dim", "  (--full shows each column)")].join("\n");
}

function namesOf(group: readonly DescribedColumn[], { width }: Terminal): readonly string[] {
  const margin = "      ";
  const names = group.map(({ alias }) => abbreviated(alias, LONGEST_NAME));
  const lines = wrapped(names.join(", "), width - margin.length);
  if (lines.length <= MOST_NAME_LINES) return lines.map((line) => margin + line);
  const shown = lines.slice(0, MOST_NAME_LINES);
  return [...shown.map((line) => margin + line), `${margin}…`];
}

function presenceOf({ nullable, default: fallback, typeOrigin }: DescribedColumn): string {
  const presence = nullable ? "optional" : "required";
  const stated =
    fallback === undefined ? presence : `default ${abbreviated(encodeJson(fallback), LONGEST_DEFAULT)}`;
  return [stated, ORIGINS[typeOrigin]].filter((text) => text !== "").join(", ");
}

function aboutColumn({ description, documentation }: DescribedColumn): string {
  const { unit, source, nullMeaning, allowedValues } = documentation;
  const parts = [
    description,
    unit === undefined ? "" : `Unit: ${unit}.`,
    source === undefined ? "" : `From: ${source}.`,
    nullMeaning === undefined ? "" : `Missing: ${nullMeaning}.`,
    allowedValues === undefined ? "" : `Values: ${allowedValues.slice(0, MOST_VALUES).join(", ")}.`,
  ];
  return parts.filter((text) => text !== "").join(" ");
}

function paintedText(text: string, margin: string, { width, paint }: Terminal): string {
  return paint("dim", indented(visibleText(text, LONGEST_ABOUT), margin, width));
}
