/** What the README lists is what the code has, in both directions. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadConfig } from "../src/config.js";
import { CODES } from "../src/errors.js";
import { FAULTS } from "../src/soap/fault/fault.js";
import { repository } from "./support/served-example.js";

const README = readFileSync(repository("README.md"), "utf8");

/** The backticked words in the first column of the table that follows a heading or sentence. */
function firstColumn(after: string): string[] {
  const table =
    README.slice(README.indexOf(after))
      .split("\n\n")
      .find((part) => part.startsWith("|")) ?? "";
  return table
    .split("\n")
    .slice(2)
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word));
}

test("every code is explained, with the fault that SOAP callers get", () => {
  assert.deepEqual(firstColumn("What a caller is told").sort(), [...CODES].sort());
  for (const code of CODES) {
    const row = README.split("\n").find((line) => line.startsWith(`| \`${code}\``)) ?? "";
    assert.ok(row.includes(FAULTS[code].faultcode), `${code}: ${row}`);
  }
});

test("every setting is explained", () => {
  const settings = [
    ...Object.keys(loadConfig({})),
    "grpcPort",
    "lock",
    "publicUrl",
    "concurrency",
    "memoryLimitMb",
    "maxConnectionAgeGraceMs",
    "sample",
    "soapPolicy",
    "socket",
    "tlsCert",
    "tlsKey",
    "tlsKeyPassphraseVariable",
    "tlsClientCa",
    "tlsClientAuth",
  ];
  assert.deepEqual(firstColumn("## Configuration").sort(), [...new Set(settings)].sort());
});

test("the calls it shows are those of the example, whose README the tests execute", () => {
  const executed = readFileSync(repository("examples/credit_decision/README.md"), "utf8");
  const shown = [...README.matchAll(/^(?:curl|grpcurl)(?:.*\\\n)*.*$/gm)].map(([command]) => command);
  assert.equal(shown.length, 2);
  for (const command of shown) assert.ok(executed.includes(command), command);
});
