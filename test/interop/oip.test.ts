/** NVIDIA's client of the Open Inference Protocol (tritonclient), which nobody here wrote, and the program of docs/oip.md. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeJson } from "../../src/json/encode.js";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { resultOf, type Cell, type Tensor } from "../oip/tensors.js";
import { textOf, withoutNulls, type Json, type JsonObject } from "../support/json-of-type.js";
import { runForRecords } from "../support/run-command.js";
import { repository } from "../support/served-example.js";
import { emptyFolder, runTool } from "./run-tool.js";
import { EXAMPLES, SERVED_ARTIFACTS, serveCommand, type ServedCommand } from "./serve-command.js";
import { readTools } from "./tools.js";

const { inferencePython, modelPython } = readTools();
let served: ServedCommand;
before(async () => {
  const environment = { ARTIFACT_GATEWAY_OPEN_INFERENCE: "true" };
  served = await serveCommand([...SERVED_ARTIFACTS, "--python", modelPython], environment);
});
after(() => served.stop());

function runPython(script: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const target = `localhost:${served.port}`;
  return runForRecords(inferencePython, [repository(`test/interop/${script}`), target, ...args]);
}

interface Sent {
  readonly name: string;
  readonly datatype: string;
  readonly cells: readonly (boolean | number | string | null)[];
}

/** A tensor as it went through JSON: the fillers of FP64 are null there, and integers numbers. */
function received({ name, datatype, cells }: Sent): readonly [string, Tensor] {
  const read = (cell: Sent["cells"][number]): Cell => {
    if (cell === null) return Number.NaN;
    return datatype === "INT64" ? BigInt(cell) : cell;
  };
  return [name, { name, datatype, cells: cells.map(read) }];
}

async function answersOf(example: string, times: number, files: readonly string[]): Promise<readonly Json[]> {
  const service = await contractOfExample(example);
  const records = await runPython("oip_samples.py", example, String(times), ...files);
  return records.map((record) => {
    const tensors = new Map((record["tensors"] as readonly Sent[]).map(received));
    return JSON.parse(encodeJson(resultOf(service, tensors))) as Json;
  });
}

for (const example of EXAMPLES) {
  test(`tritonclient: every sample of ${example}`, async () => {
    const samples = samplesOf(example);
    const files = samples.map(({ file }) => file);
    const answers = await answersOf(example, 1, files);
    assert.equal(answers.length, samples.length);
    for (const [index, { name, expected }] of samples.entries()) {
      assert.deepEqual(answers[index], withoutNulls(JSON.parse(expected) as Json), name);
    }
  });
}

test("tritonclient: a thousand long rows, which are worked on in a thread", async () => {
  const found = samplesOf("default_risk").find(({ name }) => name === "five_hundred_rows");
  assert.ok(found !== undefined);
  const { accounts } = JSON.parse(readFileSync(found.file, "utf8")) as { accounts: JsonObject[] };
  const expected = JSON.parse(found.expected) as JsonObject[];
  const withLongIds = (rows: JsonObject[]): JsonObject[] =>
    rows.map((row) => ({ ...row, account_id: textOf(row["account_id"] ?? "").padEnd(300, "x") }));
  const file = join(emptyFolder("oip-large"), "long.json");
  writeFileSync(file, JSON.stringify({ accounts: withLongIds(accounts) }));
  const [answer] = await answersOf("default_risk", 2, [file]);
  assert.deepEqual(answer, [...withLongIds(expected), ...withLongIds(expected)]);
});

test("tritonclient: what is refused, in which words", async () => {
  const records = await runPython("oip_errors.py");
  const expected: Readonly<Record<string, readonly [status: string, message: RegExp]>> = {
    "no such model": ["NOT_FOUND", /no model of this name/],
    "no such version": ["NOT_FOUND", /Leave the version empty/],
    "wrong value": ["INVALID_ARGUMENT", /application\[0\]\.requested_amount: Must be a decimal/],
    "wrong datatype": ["INVALID_ARGUMENT", /application\.application_id: The datatype must be BYTES/],
    nothing: ["INVALID_ARGUMENT", /application: This table is required/],
    "no such output": ["INVALID_ARGUMENT", /outputs\[0\]: The model has no output/],
    "shared memory": ["INVALID_ARGUMENT", /inputs\[0\]: A parameter is not known here/],
    timeout: ["DEADLINE_EXCEEDED", /deadline/],
    sequence: ["INVALID_ARGUMENT", /parameters: A parameter is not known here/],
    extension: ["UNIMPLEMENTED", /not implement/],
  };
  assert.deepEqual(
    records.map((record) => record["case"]),
    Object.keys(expected),
  );
  for (const record of records) {
    const [status, message] = expected[String(record["case"])] ?? ["", /^$/];
    assert.equal(record["status"], `StatusCode.${status}`, JSON.stringify(record));
    assert.match(String(record["message"]), message);
    assert.doesNotMatch(JSON.stringify(record), /five thousand|nobody/);
  }
});

test("docs/oip.md: the program does what the page says", async () => {
  const page = readFileSync(repository("docs/oip.md"), "utf8");
  const [, program = ""] = /^```python\n(.*?)^```$/ms.exec(page) ?? [];
  const [, printed = ""] = /^```text\n(.*?)^```$/ms.exec(page) ?? [];
  assert.ok(program !== "" && printed !== "");
  const file = join(emptyFolder("oip-page"), "score.py");
  writeFileSync(file, program);
  assert.equal(await runTool(inferencePython, [file, `localhost:${served.port}`]), printed);
});
