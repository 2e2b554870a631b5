/**
 * GnuCOBOL: the copybook compiles without a warning, and a program that knows nothing but the copybook reads the records of real
 * requests and replies and prints the same values.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { generateCopybooks, type CopybookKind } from "../../src/cobol/generate-copybook.js";
import { recordLayout } from "../../src/cobol/record-layout.js";
import type { Message, Service } from "../../src/contract/model.js";
import { proposeFacets } from "../../src/lock/propose-facets.js";
import { newStruct, type Struct } from "../../src/values.js";
import { printProgram, sameAsPrinted } from "../cobol/cobol-program.js";
import { fullStruct } from "../cobol/full-value.js";
import { hostileService } from "../cobol/hostile-service.js";
import { asMainframe, mainframeExample, type NamedSample } from "../cobol/mainframe-service.js";
import { recordBytes, recordLeaves, type Leaf } from "../cobol/record-values.js";
import { documentedBlock } from "../support/mainframe-document.js";
import { sampleService } from "../support/sample-service.js";
import { EXAMPLES } from "./serve-command.js";

const isMissing = spawnSync("cobc", ["--version"]).status !== 0;
const skip =
  isMissing && process.env["INTEROP_REQUIRE_ALL"] !== "1" && "cobc is not installed (Debian: gnucobol3)";
/** More values than this make a program that takes minutes to compile, and show nothing new. */
const MOST_VALUES = 3000;

const folder = mkdtempSync(join(tmpdir(), "copybook-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const example of EXAMPLES) {
  test(`GnuCOBOL: the copybook of ${example} and its samples`, { skip }, async (context) => {
    const { service, samples } = await mainframeExample(example);
    for (const sample of samples) {
      const records = [
        record(service.operation.request, sample.inputs),
        record(service.operation.response, reply(sample)),
      ];
      const there = records.flatMap(({ leaves }) => leaves).filter(({ text }) => text !== undefined);
      if (there.length > MOST_VALUES) continue;
      await context.test(`${sample.name}: ${there.length} values`, () => readBack(service, records));
    }
  });
}

const BOUNDED: Readonly<Record<string, () => Service>> = {
  "every kind of type": () => proposeFacets(asMainframe(sampleService()), []).service,
  "hostile names and deep nesting": hostileService,
};

for (const [name, build] of Object.entries(BOUNDED)) {
  test(`GnuCOBOL: ${name}, with every item full`, { skip }, () => {
    const service = build();
    const { request, response } = service.operation;
    readBack(service, [record(request, fullStruct(request)), record(response, fullStruct(response))]);
  });
}

test("GnuCOBOL: the copybook of EvaluateOne", { skip }, async () => {
  const { service } = await mainframeExample("default_risk");
  assert.ok(service.single !== undefined, "default_risk has an operation for one row");
  const { request, response } = service.single;
  readBack(service, [record(request, fullStruct(request)), record(response, fullStruct(response))], "one");
});

/** What turns records into XML and back, for the program of the documentation: answers what depends on what it is given. */
const CONVERT = `       IDENTIFICATION DIVISION.
       PROGRAM-ID. CONVERT.
       DATA DIVISION.
       LINKAGE SECTION.
       COPY "default_risk.v1.one.cpy".
       PROCEDURE DIVISION USING EvaluateOneRequest EvaluateOneResponse.
       MAIN-LINE.
           INITIALIZE EvaluateOneResponse
           MOVE 1 TO accountId-num
           MOVE accountId OF EvaluateOneRequest
               TO accountId OF EvaluateOneResponse
           IF bureauScore-num = 1 AND bureauScore = 712
               AND revolvingUtilisation-num = 1 AND paymentRatio-num = 0
               MOVE 1 TO defaultProbability-num
               MOVE 0.047112 TO defaultProbability
           END-IF
           GOBACK.
`;

test("GnuCOBOL: the program of docs/mainframe.md", { skip }, async () => {
  const { service } = await mainframeExample("default_risk");
  const copybook = generateCopybooks(service).find(({ kind }) => kind === "one");
  assert.ok(copybook !== undefined);
  writeFileSync(join(folder, "default_risk.v1.one.cpy"), copybook.content);
  const program = documentedBlock("<!-- compiled and run by test/interop/cobol.test.ts -->", "cobol");
  writeFileSync(join(folder, "scoreone.cob"), program);
  writeFileSync(join(folder, "convert.cob"), CONVERT);
  run("cobc", ["-x", "-std=ibm", "-Wall", "-Werror", "-o", "scoreone", "scoreone.cob", "convert.cob"]);
  assert.equal(run(join(folder, "scoreone"), []), "AC-0017         0.047112\n");
});

interface RecordOfSample {
  readonly name: string;
  readonly bytes: number;
  readonly leaves: readonly Leaf[];
}

function record(message: Message, struct: Struct): RecordOfSample {
  const layout = recordLayout(message);
  return { name: layout.name, bytes: layout.bytes, leaves: recordLeaves(message, layout, struct) };
}

function reply({ result }: NamedSample): Struct {
  const struct = newStruct();
  if (result !== undefined) struct["result"] = result;
  return struct;
}

/** Compiles a program for the copybook, gives it the records and compares what it prints. */
function readBack(
  service: Service,
  records: readonly RecordOfSample[],
  kind: CopybookKind = "evaluate",
): void {
  const copybook = generateCopybooks(service).find((one) => one.kind === kind);
  assert.ok(copybook !== undefined);
  writeFileSync(join(folder, "contract.cpy"), copybook.content);
  writeFileSync(join(folder, "readback.cob"), printProgram({ copybook: "contract.cpy", records }));
  for (const { name, leaves, bytes } of records) {
    const content = recordBytes(leaves);
    assert.equal(content.length, bytes, name);
    writeFileSync(join(folder, `${name}.bin`), content);
  }
  run("cobc", ["-x", "-std=ibm", "-Wall", "-Werror", "-o", "readback", "readback.cob"]);
  const printed = run(join(folder, "readback"), []).split("\n");
  for (const { name, leaves, bytes } of records) {
    assert.equal(Number((printed.shift() ?? "").replace("LENGTH ", "")), bytes, `length of ${name}`);
    for (const [index, leaf] of leaves.entries()) {
      if (leaf.text === undefined) continue;
      const [, at, value = ""] = /^(\d+) (.*)$/.exec(printed.shift() ?? "") ?? [];
      assert.equal(Number(at), index, leaf.reference.join(" "));
      assert.ok(sameAsPrinted(leaf, value), `${leaf.reference.join(" ")}: ${value} for ${leaf.text}`);
    }
  }
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "latin1" });
  if (error !== undefined) throw error;
  assert.equal(status, 0, `${command}: ${stdout}${stderr}`);
  return stdout;
}
