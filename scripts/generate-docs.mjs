/** Writes the table of types into `docs/contract.md`, made from the generators themselves; with --check, compares instead. */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { typeTable } from "./type-table.mjs";

const FILE = "docs/contract.md";
const BEGIN = "<!-- types: written by npm run generate -->";
const END = "<!-- /types -->";

const found = readFileSync(FILE, "utf8");
const [before, rest] = found.split(BEGIN);
const [, after] = (rest ?? "").split(END);
if (after === undefined) throw new Error(`${FILE} has lost the marks around its table.`);
const text = await format(`${before}${BEGIN}\n\n${typeTable()}\n\n${END}${after}`, {
  ...(await resolveConfig(FILE)),
  parser: "markdown",
});
if (process.argv.includes("--check")) {
  if (text !== found) {
    console.error(`${FILE}: The table of types differs. Run npm run generate and review the change.`);
    process.exit(4);
  }
} else {
  writeFileSync(FILE, text);
}
