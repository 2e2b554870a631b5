/** Descriptions as they are kept: a change of any of them has to be seen. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { textWidth } from "../../src/visible-text.js";
import { repository } from "../support/served-example.js";
import { GOLDEN_FOLDER, goldenFiles } from "./golden-files.js";

let files: ReadonlyMap<string, string> = new Map();
before(async () => {
  files = await goldenFiles();
});

function each(extension: string): readonly (readonly [string, string])[] {
  const found = [...files].filter(([name]) => name.endsWith(extension));
  assert.equal(found.length, 13);
  return found;
}

test("every description is as it is kept (npm run golden writes them anew)", () => {
  assert.deepEqual(readdirSync(GOLDEN_FOLDER).sort(), [...files.keys()].sort());
  for (const [name, content] of files) {
    assert.equal(content, readFileSync(join(GOLDEN_FOLDER, name), "utf8"), name);
  }
});

test("every report has the form of docs/inspect.schema.json", () => {
  const schema = JSON.parse(readFileSync(repository("docs/inspect.schema.json"), "utf8")) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  for (const [name, content] of each(".json")) {
    assert.ok(validate(JSON.parse(content)), `${name}: ${JSON.stringify(validate.errors)}`);
  }
});

test("no line for a terminal is wider than 80 columns, and nothing in it steers one", () => {
  for (const [name, content] of each(".txt")) {
    for (const line of content.split("\n")) {
      // A digest stays whole, and is the one thing that does.
      assert.ok(textWidth(line) <= 80, `${name}: ${line}`);
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, name);
    }
  }
});

test("a secret is in none of them", () => {
  for (const [name, content] of files) assert.doesNotMatch(content, /sk-do-not-show/, name);
});
