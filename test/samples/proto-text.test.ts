import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import type { Message, Service } from "../../src/contract/model.js";
import { encodeJson } from "../../src/json/encode.js";
import { descriptorSetBytes } from "../../src/proto/descriptor.js";
import { toProtoJson } from "../../src/samples/proto-json.js";
import { toProtoText } from "../../src/samples/proto-text.js";
import { sampleRecord } from "../../src/samples/sample-values.js";
import { newStruct, type Struct } from "../../src/values.js";
import { structOf } from "../grpc/value-arbitrary.js";
import { sampleService } from "../support/sample-service.js";
import { contracts } from "./faceted-contract.js";

const run = promisify(execFile);
const BUF = resolve("node_modules/.bin/buf");

test("buf reads the text and the JSON of a message as the same message", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "proto-text-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const service = sampleService();
  const { request } = service.operation;
  const random = fc.sample(structOf(request), { seed: 11, numRuns: 3 });
  const generated = fc.sample(contracts, { seed: 5, numRuns: 4 });
  const cases: readonly (readonly [Service, Message, Struct])[] = [
    ...random.map((record) => [service, request, record] as const),
    ...generated.flatMap((one) => {
      const { operation } = one;
      return [operation.request, operation.response].map(
        (message) => [one, message, sampleRecord(message)] as const,
      );
    }),
  ];
  for (const [index, [one, message, record]] of cases.entries()) {
    const place = join(folder, String(index));
    const text = await convert(place, one, message, {
      format: "txtpb",
      content: toProtoText(message, record),
    });
    const json = encodeJson(toProtoJson(message, record));
    assert.equal(text, await convert(place, one, message, { format: "json", content: json }));
    assert.ok(text.length > 2);
  }
});

test("data that nothing declares is a google.protobuf.Value", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "proto-text-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const service = sampleService({ kind: "dynamic" });
  const { response } = service.operation;
  const inner = newStruct();
  inner['quo"te\n'] = [null, true, 1.5, "é\u0001\\"];
  const record = newStruct();
  record["result"] = inner;
  const content = toProtoText(response, record);
  const converted = await convert(join(folder, "dynamic"), service, response, { format: "txtpb", content });
  assert.deepEqual(JSON.parse(converted), { result: { 'quo"te\n': [null, true, 1.5, "é\u0001\\"] } });
});

/** The message as buf prints it in JSON. */
async function convert(
  place: string,
  service: Service,
  message: Message,
  { format, content }: { readonly format: string; readonly content: string },
): Promise<string> {
  const image = `${place}.image.binpb`;
  const from = `${place}.${format}`;
  writeFileSync(image, descriptorSetBytes(service));
  writeFileSync(from, content);
  const type = `${service.protoPackage}.${message.name}`;
  const args = ["convert", image, "--type", type, "--from", from, "--to", "-#format=json"];
  return (await run(BUF, args, { maxBuffer: 1 << 26 })).stdout;
}
