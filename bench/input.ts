/** The input of a workload: the one row of the repository, and as many variations of it as the workload wants. */
import { readFileSync, writeFileSync } from "node:fs";
import { seededRandom } from "./statistics.js";

/** Columns that differ from row to row; the others are the same in all. */
const VARIED = ["annual_income", "monthly_payments", "revolving_balance", "average_balance"] as const;

interface Input {
  readonly application: readonly [Readonly<Record<string, unknown>>];
}

/** Writes a sample file with `rows` rows, the first being the one in `from`. The same bytes every time. */
export function writeInput(from: string, rows: number, to: string): void {
  const text = readFileSync(from, "utf8");
  if (rows === 1) {
    writeFileSync(to, text);
    return;
  }
  // As text: a number of 64 bits would not survive being read.
  const { application } = JSON.parse(text) as Input;
  const [first] = application;
  const rowText = /\[\s*(\{[\s\S]*\})\s*\]/.exec(text)?.[1] ?? "";
  const random = seededRandom(rows);
  const varied = Array.from({ length: rows }, (_, row) =>
    VARIED.reduce((one, column) => {
      const value = (Number(first[column]) * (0.5 + random())).toFixed(2);
      return row === 0 ? one : one.replace(new RegExp(`("${column}": )[^,]*`), `$1${value}`);
    }, rowText),
  );
  writeFileSync(to, `{"application": [${varied.join(",")}]}\n`);
}
