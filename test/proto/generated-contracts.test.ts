import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "../../src/contract/model.js";
import { buildContract } from "../../src/contract/build-contract.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildFileDescriptor } from "../../src/proto/descriptor.js";
import { generateProto, protoPath } from "../../src/proto/generate-proto.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { bufBuild, bufFormatDiff, bufLint } from "./buf.js";
import { comparable } from "./descriptor-forms.js";

/** Each in a package of its own, so that `buf` takes them all at once. */
const services: readonly Service[] = sampleContracts(50).map((service, index) => ({
  ...service,
  protoPackage: `${service.alias}.n${index}.v1`,
}));

test("the protos of any contract pass buf lint STANDARD and buf format, and the descriptors are what buf makes of them", () => {
  const texts = new Map(services.map((service) => [protoPath(service), generateProto(service)]));
  assert.equal(texts.size, services.length);
  bufLint(texts);
  assert.equal(bufFormatDiff(texts), "");
  const built = new Map(bufBuild(texts).file.map((file) => [file.name, file]));
  for (const service of services) {
    const expected = built.get(protoPath(service));
    assert.ok(expected !== undefined);
    assert.deepEqual(comparable(buildFileDescriptor(service)), comparable(expected));
  }
  assert.ok([...texts.values()].some((text) => /^ {2}reserved \d+;$/m.test(text)));
});

test("what a message once had is reserved by number and by name", () => {
  const inputs = (...columns: string[]) =>
    normaliseInputInfo({ tables: [{ alias: "t", columns: columns.map((alias) => ({ alias, type: "String" })) }] });
  const source = { alias: "a", description: "", output: undefined };
  const first = buildContract({ ...source, inputs: inputs("kept", "gone", "left") });
  const second = buildContract({ ...source, inputs: inputs("kept", "new"), previous: first });
  const third = buildContract({ ...source, inputs: inputs("kept", "new", "gone"), previous: second });
  assert.deepEqual(rowOf(second), [
    "message TRow {",
    "  reserved 2;",
    "  reserved 3;",
    '  reserved "gone";',
    '  reserved "left";',
    '  // Source name "kept", type String. Optional.',
    "  optional string kept = 1;",
    '  // Source name "new", type String. Optional.',
    "  optional string new = 4;",
    "}",
  ]);
  assert.equal(rowOf(third).at(-2), "  optional string gone2 = 5;");
});

function rowOf(service: Service): readonly string[] {
  const lines = generateProto(service).split("\n");
  const start = lines.indexOf("message TRow {");
  return lines.slice(start, lines.indexOf("}", start) + 1);
}
