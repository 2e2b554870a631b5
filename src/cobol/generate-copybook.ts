/** COBOL copybooks of a contract, in the fixed reference format: columns 7 to 72. Pure: the same contract gives the same bytes. */
import type { Message, Service } from "../contract/model.js";
import { commentLines } from "./comment-lines.js";
import { DEEPEST_LEVEL, recordLayout, type RecordItem } from "./record-layout.js";

/** Which operation a copybook is for. */
export type CopybookKind = "evaluate" | "one";

export interface Copybook {
  readonly kind: CopybookKind;
  /** `cobol/credit_decision.v1.cpy`, `cobol/credit_decision.v1.one.cpy`. */
  readonly path: string;
  /** ASCII, ending in a line feed. */
  readonly content: string;
}

/** The copybook of request and reply, and that of the operation on single rows when the contract has one. */
export function generateCopybooks(service: Service): readonly Copybook[] {
  const { alias, major, operation, single } = service;
  const main = copybook(service, "evaluate", `cobol/${alias}.v${major}.cpy`, operation);
  if (single === undefined) return [main];
  return [main, copybook(service, "one", `cobol/${alias}.v${major}.one.cpy`, single)];
}

interface Messages {
  readonly name: string;
  readonly request: Message;
  readonly response: Message;
}

function copybook({ alias, major }: Service, kind: CopybookKind, path: string, messages: Messages): Copybook {
  const lines = [
    ...commentLines(`Contract ${alias}, major version ${major}: operation ${messages.name}.`),
    ...commentLines(
      "Characters are counted in a single-byte code page. A -num item counts what is there: 0 or 1 of an optional " +
        "value, 0 to n of a list. A list always has room for all; what is behind its count means nothing.",
    ),
    ...recordLines(messages.request),
    ...recordLines(messages.response),
  ];
  return { kind, path, content: lines.map((line) => `${line.trimEnd()}\n`).join("") };
}

/** Column 8 and column 12, counted from 0. */
const AREA_A = " ".repeat(7);
const AREA_B = " ".repeat(11);
const LAST_COLUMN = 72;
/** Deeper levels are not indented further, or their lines would not fit. */
const DEEPEST_INDENT = 7;
/** A condition name may have 30 characters: this many and `-false`. */
const LONGEST_CONDITION_STEM = 24;

function recordLines(message: Message): readonly string[] {
  const record = recordLayout(message);
  // By twos, as people read it, as long as the numbers reach.
  const step = 1 + 2 * depthOf(record) <= DEEPEST_LEVEL ? 2 : 1;
  const [filler] = record.role === "omitted" ? [`${AREA_B}${twoDigits(1 + step)}  FILLER PIC X.`] : [];
  return [
    "      *",
    ...commentLines(message.description),
    ...commentLines(`Length: ${filler === undefined ? lengthOf(record) : "1 byte"}.`),
    ...(filler === undefined ? [] : commentLines("Nothing is in it that a record can hold.")),
    `${AREA_A}01  ${record.name}.`,
    ...record.items.flatMap((item) => itemLines(item, 1, step)),
    ...(filler === undefined ? [] : [filler]),
  ];
}

/** Lists within lists can be longer than any storage, and than a number here is exact. */
function lengthOf({ bytes }: RecordItem): string {
  return Number.isSafeInteger(bytes) ? `${bytes} bytes` : "more than any compiler takes";
}

function itemLines(item: RecordItem, depth: number, step: number): readonly string[] {
  const comments = item.comments.flatMap(commentLines);
  const inner = item.items.flatMap((child) => itemLines(child, depth + 1, step));
  if (item.role === "omitted") return [...comments, ...inner];
  const clauses = [
    ...(item.picture === undefined ? [] : [item.picture.clause]),
    ...(item.occurs === undefined ? [] : [`OCCURS ${item.occurs} TIMES`]),
  ];
  return [
    ...comments,
    ...entryLines(1 + depth * step, depth, item.name, clauses),
    ...conditions(item, depth),
    ...inner,
  ];
}

function conditions({ isBoolean, name }: RecordItem, depth: number): readonly string[] {
  if (isBoolean !== true) return [];
  const stem = name.slice(0, LONGEST_CONDITION_STEM);
  return [
    ...entryLines(88, depth + 1, `${stem}-false`, ["VALUE X'00'"]),
    ...entryLines(88, depth + 1, `${stem}-true`, ["VALUE X'01'"]),
  ];
}

/** On one line, or with each clause on a line of its own where it would pass the last column. */
function entryLines(
  level: number,
  depth: number,
  name: string,
  clauses: readonly string[],
): readonly string[] {
  const indent = AREA_B + "  ".repeat(Math.min(depth, DEEPEST_INDENT) - 1);
  const line = `${indent}${twoDigits(level)}  ${[name, ...clauses].join(" ")}.`;
  if (line.length <= LAST_COLUMN) return [line];
  const last = clauses.length - 1;
  return [
    `${indent}${twoDigits(level)}  ${name}`,
    ...clauses.map((clause, index) => `${indent}    ${clause}${index === last ? "." : ""}`),
  ];
}

function depthOf(item: RecordItem): number {
  return item.items.reduce((deepest, child) => Math.max(deepest, 1 + depthOf(child)), 0);
}

function twoDigits(level: number): string {
  return String(level).padStart(2, "0");
}
