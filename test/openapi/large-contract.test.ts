import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Service } from "../../src/contract/model.js";
import { generateOpenapi } from "../../src/openapi/generate-openapi.js";
import { generateSamples } from "../../src/samples/generate-samples.js";
import { runCommand } from "../support/run-command.js";

/** A contract of so many tables with so many columns, each table with one column that is nested eight levels deep. */
function largeContract(tables: number, columns: number): Service {
  const nested = Array.from({ length: 8 }).reduce<string>(
    (type, _, level) => (level % 2 === 0 ? `Struct[a: ${type}, b: String]` : `Array[${type}]`),
    "Numerical",
  );
  return buildContract({
    alias: "large",
    description: "",
    inputs: normaliseInputInfo({
      tables: Array.from({ length: tables }, (_, table) => ({
        alias: `table_${table}`,
        columns: [
          { alias: "nested", type: nested },
          ...Array.from({ length: columns }, (_, column) => ({ alias: `column_${column}`, type: "String" })),
        ],
      })),
    }),
    output: undefined,
  });
}

test("files grow with the contract and no faster", () => {
  const sizes = [10, 20, 40].map((tables) => {
    const service = largeContract(tables, 40);
    const samples = generateSamples(service);
    return (
      generateOpenapi(service, "").length + samples.reduce((sum, { content }) => sum + content.length, 0)
    );
  });
  const [small = 0, medium = 0, large = 0] = sizes;
  const step = medium - small;
  // Twice the tables more are twice the text more; the numbers in the names alone grow a little.
  assert.ok(Math.abs(large - medium - 2 * step) < step / 50, sizes.join(", "));
});

test("equal contracts have equal files", () => {
  const [one, other] = [largeContract(5, 20), largeContract(5, 20)];
  assert.equal(generateOpenapi(one, ""), generateOpenapi(other, ""));
  assert.deepEqual(generateSamples(one), generateSamples(other));
});

test("the files of an example are the same under another locale and time zone", async () => {
  const environment = ["TZ=Pacific/Chatham", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8"];
  const artifact = "examples/credit_decision/artifact";
  const generate = ["dist/src/cli/main.js", "generate", artifact, "--out", ".", "--check"];
  // Fails when a file differs from the one that is committed.
  await runCommand("env", [...environment, process.execPath, ...generate]);
});
