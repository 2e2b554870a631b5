/** Writes the JSON Schema of `contract.lock.json` from the code that reads it; with --check, compares instead. */
import { readFileSync, writeFileSync } from "node:fs";
import { lockJsonSchema } from "../dist/src/lock/lock-schema.js";

const FILE = "docs/contract-lock.schema.json";

const expected = `${JSON.stringify(lockJsonSchema(), null, 2)}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(FILE, expected);
} else if (readFileSync(FILE, "utf8") !== expected) {
  console.error(`${FILE} is not as it would be written. Run npm run generate and review the change.`);
  process.exit(4);
}
