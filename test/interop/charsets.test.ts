/** Our tables of the single-byte charsets against those of Java, which the callers of mainframes use. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { OPTIONAL_CHARSETS, type OptionalCharset } from "../../src/limits.js";
import { CHARSET_TABLES, UNDEFINED } from "../../src/soap/charset/charset-tables.js";
import { repository } from "../support/served-example.js";
import { runTool } from "./run-tool.js";
import { readTools, skipWithout } from "./tools.js";

const { jaxws } = readTools();

/** What Java has for a byte that is not defined. */
const REPLACEMENT = 0xfffd;

/** NL and LF: Java gives one of them to U+000A and the other to U+0085, and not for every page in the same way. */
const LINE_ENDS = [0x15, 0x25];

/** Where we decide otherwise, in words that a test can hold. */
function differs(charset: OptionalCharset, byte: number): boolean {
  if (charset.startsWith("ibm")) return LINE_ENDS.includes(byte);
  // Java reads the controls that ISO/IEC 8859-1 does not define; we refuse them.
  return charset === "iso-8859-1" && byte >= 0x80 && byte < 0xa0;
}

test(
  "every byte of every page is what Java says, but for ends of line",
  { skip: skipWithout(jaxws) },
  async () => {
    const program = join(repository("test/interop/java"), "CodePages.java");
    const lines = (await runTool("java", [program, ...OPTIONAL_CHARSETS])).trim().split("\n");
    assert.equal(lines.length, OPTIONAL_CHARSETS.length);
    for (const [index, charset] of OPTIONAL_CHARSETS.entries()) {
      const units = (lines[index] ?? "").split(" ").map((unit) => Number.parseInt(unit, 16));
      assert.equal(units.length, 256);
      const compared = (unit: number, byte: number): number => (differs(charset, byte) ? 0 : unit);
      const ours = [...CHARSET_TABLES[charset]].map((unit) => (unit === UNDEFINED ? REPLACEMENT : unit));
      assert.deepEqual(ours.map(compared), units.map(compared), charset);
    }
  },
);
