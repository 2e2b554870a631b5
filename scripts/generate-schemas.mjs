/** Writes the JSON Schemas of what the gateway reads and writes from the code that does it; with --check, compares instead. */
import { readFileSync, writeFileSync } from "node:fs";
import { reportJsonSchema } from "../dist/src/describe/report-schema.js";
import { lockJsonSchema } from "../dist/src/lock/lock-schema.js";

const SCHEMAS = {
  "docs/contract-lock.schema.json": lockJsonSchema(),
  "docs/inspect.schema.json": reportJsonSchema(),
};

for (const [file, schema] of Object.entries(SCHEMAS)) {
  const expected = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes("--check")) {
    writeFileSync(file, expected);
  } else if (readFileSync(file, "utf8") !== expected) {
    console.error(`${file} is not as it would be written. Run npm run generate and review the change.`);
    process.exitCode = 4;
  }
}
