/** The source of a COBOL program that reads one record of a copybook and prints each value in it, a line each. */
import type { Leaf } from "./record-values.js";

export interface ProgramSource {
  /** The name of the copybook file, beside the program. */
  readonly copybook: string;
  readonly records: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly leaves: readonly Leaf[];
  }[];
}

/** Reads `{name}.bin` for each record; prints `LENGTH n`, then `index text` for every value that is there. */
export function printProgram({ copybook, records }: ProgramSource): string {
  const files = records.map(({ bytes }, index) => ({
    file: `FILE-${index}`,
    record: `RECORD-${index}`,
    bytes,
  }));
  return lines([
    area("IDENTIFICATION DIVISION."),
    area("PROGRAM-ID. READBACK."),
    area("ENVIRONMENT DIVISION."),
    area("INPUT-OUTPUT SECTION."),
    area("FILE-CONTROL."),
    ...records.flatMap(({ name }, index) => [
      text(`SELECT FILE-${index} ASSIGN TO "${name}.bin"`),
      text("    ORGANIZATION IS SEQUENTIAL."),
    ]),
    area("DATA DIVISION."),
    area("FILE SECTION."),
    ...files.flatMap(({ file, record, bytes }) => [
      area(`FD  ${file}.`),
      area(`01  ${record} PIC X(${bytes}).`),
    ]),
    area("WORKING-STORAGE SECTION."),
    area(`COPY "${copybook}".`),
    ...editedItems(records.flatMap(({ leaves }) => leaves)),
    area("PROCEDURE DIVISION."),
    area("MAIN-LINE."),
    ...records.flatMap(({ name, leaves }, index) => [
      text(`OPEN INPUT FILE-${index}`),
      text(`READ FILE-${index} INTO ${name}`),
      text(`CLOSE FILE-${index}`),
      text(`DISPLAY "LENGTH " FUNCTION LENGTH(${name})`),
      ...leaves.flatMap((leaf, at) => (leaf.text === undefined ? [] : displayLeaf(leaf, at))),
    ]),
    text("STOP RUN."),
  ]);
}

/** What the program must print for a value: COBOL pads texts and knows how many digits a number has. */
export function sameAsPrinted({ item, text: expected = "" }: Leaf, printed: string): boolean {
  const isText = item.isBoolean === true || (item.picture?.clause.startsWith("PIC X") ?? false);
  return isText ? printed.trimEnd() === expected.trimEnd() : plain(printed) === plain(expected);
}

function plain(numeral: string): string {
  const [, sign = "", whole = "", fraction = ""] = /^\s*([+-]?)0*(\d*)\.?(\d*?)0*\s*$/.exec(numeral) ?? [];
  const digits = `${whole === "" ? "0" : whole}.${fraction}`;
  return sign === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** An item that shows the decimal point of each kind of packed number; DISPLAY alone leaves it out. */
function editedItems(leaves: readonly Leaf[]): readonly string[] {
  const edited = leaves.flatMap(({ item }) => editedItem(item) ?? []);
  return [
    ...new Map(edited.map(({ name, picture }) => [name, area(`01  ${name} PIC ${picture}.`)])).values(),
  ];
}

function editedItem({ picture }: Leaf["item"]): { name: string; picture: string } | undefined {
  const packed = /^PIC S(?:9\((\d+)\))?V9\((\d+)\) COMP-3$/.exec(picture?.clause ?? "");
  if (packed === null) return undefined;
  const [, whole = "0", fraction = "0"] = packed;
  return { name: `EDITED-${whole}-${fraction}`, picture: `-9(${Number(whole) + 1}).9(${fraction})` };
}

function displayLeaf({ reference, item }: Leaf, at: number): readonly string[] {
  const edited = editedItem(item);
  if (edited !== undefined) {
    const move = [
      text("MOVE"),
      ...reference.map((part) => text(`    ${part}`)),
      text(`    TO ${edited.name}`),
    ];
    return [...move, text(`DISPLAY "${at} " ${edited.name}`)];
  }
  if (item.isBoolean !== true) {
    return [text(`DISPLAY "${at} "`), ...reference.map((part) => text(`    ${part}`))];
  }
  const [, ...groups] = reference;
  const condition = (value: boolean): readonly string[] => [
    text(`IF ${item.name.slice(0, 24)}-${value}`),
    ...groups.map((part) => text(`    ${part}`)),
    text(`    DISPLAY "${at} ${value}"`),
    text("END-IF"),
  ];
  return [...condition(true), ...condition(false)];
}

function area(line: string): string {
  return `       ${line}`;
}

function text(line: string): string {
  return `           ${line}`;
}

function lines(all: readonly string[]): string {
  const long = all.find((line) => line.length > 72);
  if (long !== undefined) throw new Error(`longer than 72 columns: ${long}`);
  return `${all.join("\n")}\n`;
}
