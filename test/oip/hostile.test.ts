/** Requests that no well-meaning client sends: each is refused by name, and none is believed about its size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { GatewayError, type Violation } from "../../src/errors.js";
import { MOST_VIOLATIONS } from "../../src/limits.js";
import { compileInferenceCodec } from "../../src/oip/codec.js";
import { readInferRequest } from "../../src/oip/infer-request.js";
import {
  InferParameterSchema,
  InferTensorContentsSchema,
} from "../../src/proto/gen/inference/grpc_predict_v2_pb.js";
import { Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { bytesOf, raw, requestOf, type Cell, type Tensor } from "./tensors.js";

const codec = compileInferenceCodec(sampleService());

function decode(bytes: Uint8Array): Struct {
  const request = readInferRequest(bytes, codec.mostTensors);
  codec.formOf(bytes, request);
  return codec.decode(bytes, request);
}

function violationsOf(bytes: Uint8Array): readonly Violation[] {
  try {
    decode(bytes);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, String(thrown));
    assert.equal(thrown.code, "invalid_input");
    return thrown.violations;
  }
  return assert.fail("was taken");
}

function refused(
  bytes: Uint8Array,
  ...expected: readonly (readonly [path: string, message: RegExp])[]
): void {
  const found = violationsOf(bytes);
  assert.deepEqual(
    found.map(({ path }) => path),
    expected.map(([path]) => path),
  );
  for (const [index, [, message]] of expected.entries()) assert.match(found[index]?.message ?? "", message);
}

const tensor = (name: string, datatype: string, cells: readonly Cell[], shape?: number[]): Tensor => ({
  name,
  datatype,
  cells,
  ...(shape === undefined ? {} : { shape }),
});

const income = (cells: readonly Cell[], shape?: number[], datatype = "FP64"): Tensor =>
  tensor("application.annual_income", datatype, cells, shape);

const send = (...tensors: readonly Tensor[]): Uint8Array => bytesOf(requestOf(tensors));
const sendRaw = (...tensors: readonly Tensor[]): Uint8Array => bytesOf(requestOf(tensors, true));

test("shapes are held against the elements, in both forms and before anything is made", () => {
  const path = "application.annual_income";
  for (const sent of [send, sendRaw]) {
    for (const shape of [[], [-1], [2 ** 53], [1, 2], [2, 2], [1, 1, 1], [-(2 ** 40)], [1, -1], [1, 0]]) {
      refused(sent(income([1], shape)), [path, /^The shape must be \[n\] or \[n, 1\]\.$/]);
    }
    for (const shape of [[2], [100], [2, 1]]) {
      refused(sent(income([1], shape)), [path, /fewer elements|8 bytes of raw content/]);
    }
    refused(sent(income([1, 2], [1])), [path, /more elements|8 bytes of raw content/]);
    // A thousand million rows in twenty bytes.
    refused(sent(income([], [1e9])), ["application", /more than 100 items/]);
    refused(sent(income([], [101])), ["application", /more than 100 items/]);
    refused(sent(tensor("strategy", "BYTES", ["a", "b"])), ["strategy", /\[1\] or \[1, 1\]/]);
    refused(sent(tensor("strategy", "BYTES", [])), ["strategy", /\[1\] or \[1, 1\]/]);
  }
});

test("the columns of a table have equally many rows", () => {
  refused(send(income([1, 2]), tensor("application.dependants", "INT64", [1n])), [
    "application.dependants",
    /as many elements as the other columns of application/,
  ]);
});

test("names and datatypes are those of the model", () => {
  refused(send(tensor("nobody", "FP64", [1])), ["inputs[0]", /no input of this name/]);
  refused(send(tensor("__proto__", "FP64", [1])), ["inputs[0]", /no input of this name/]);
  refused(send(income([1]), income([1])), ["application.annual_income", /Was sent twice/]);
  for (const datatype of ["", "BOOL", "BYTES", "FP16", "fp64", "toString"]) {
    const request = requestOf([income([1])]);
    for (const input of request.inputs) input.datatype = datatype;
    refused(bytesOf(request), ["application.annual_income", /^The datatype must be FP64, FP32, INT8,/]);
  }
  refused(send(tensor("application.application_id", "INT64", [1n])), [
    "application.application_id",
    /^The datatype must be BYTES\.$/,
  ]);
});

test("contents are in the field of their datatype, or raw, and in one of both", () => {
  const wrong = requestOf([income([1])]);
  for (const { contents } of wrong.inputs) contents?.int64Contents.push(1n);
  refused(bytesOf(wrong), ["application.annual_income", /contents that are not of FP64/]);
  const both = requestOf([income([1])], true);
  const [typed] = requestOf([income([1])]).inputs;
  assert.ok(typed !== undefined);
  both.inputs[0] = typed;
  refused(bytesOf(both), ["application.annual_income", /beside those in raw_input_contents/]);
  const short = requestOf([income([1]), tensor("cut_off", "FP64", [1])], true);
  short.rawInputContents.pop();
  refused(bytesOf(short), ["raw_input_contents", /one entry for each input/]);
});

test("elements that the contract cannot hold are refused one by one, with their row", () => {
  const rows = (name: string, datatype: string, cells: readonly Cell[]): Uint8Array =>
    send(tensor(`application.${name}`, datatype, cells));
  const cases: readonly (readonly [string, string, Cell, RegExp])[] = [
    ["dependants", "UINT64", 2n ** 63n, /range of INT64/],
    ["annual_income", "INT64", 2n ** 53n + 1n, /FP64 holds exactly/],
    ["requested_amount", "BYTES", "1e3", /decimal number in digits/],
    ["requested_amount", "BYTES", "1.005", /at most 9 digits before the point and 2 after it/],
    ["birth_date", "BYTES", "2026-02-30", /Must be a date/],
    ["submitted_at", "BYTES", "yesterday", /Must be a date and time/],
    ["late_months", "BYTES", "[1,", /Must be JSON text/],
    ["late_months", "BYTES", '["a"]', /not of the declared type\. Expected a number/],
    ["tags", "BYTES", '{"secret":"x"}', /not of the declared type\. Expected a whole number/],
    ["address", "BYTES", '{"city":"a","city":"b"}', /Must be JSON text/],
    ["address", "BYTES", '{"town":"a"}', /no such name here/],
    ["late_months", "BYTES", "[".repeat(5000), /Must be JSON text/],
  ];
  for (const [name, datatype, cell, message] of cases) {
    const bytes = rows(name, datatype, [cell, cell]);
    refused(bytes, [`application[0].${name}`, message], [`application[1].${name}`, message]);
    assert.doesNotMatch(JSON.stringify(violationsOf(bytes)), /secret|yesterday|town/);
  }
});

test("integers are within the datatype that their sender names", () => {
  const path = "application[0].dependants";
  const name = "application.dependants";
  const of = (datatype: string, cell: number): Uint8Array => send(tensor(name, datatype, [cell]));
  refused(of("INT8", 128), [path, /range of INT8/]);
  refused(of("INT8", -129), [path, /range of INT8/]);
  refused(of("INT16", 32_768), [path, /range of INT16/]);
  refused(of("UINT8", 256), [path, /range of UINT8/]);
  refused(of("UINT16", 65_536), [path, /range of UINT16/]);
  assert.deepEqual(decode(of("INT8", -128)), table({ dependants: -128n }));
  assert.deepEqual(decode(of("UINT32", 4_294_967_295)), table({ dependants: 4_294_967_295n }));
});

test("wider types take narrower ones, without a loss", () => {
  const third = Math.fround(1 / 3);
  assert.deepEqual(decode(send(income([third], undefined, "FP32"))), table({ annual_income: third }));
  assert.deepEqual(decode(sendRaw(income([third], undefined, "FP32"))), table({ annual_income: third }));
  assert.deepEqual(decode(send(income([7], undefined, "UINT16"))), table({ annual_income: 7 }));
  assert.deepEqual(decode(send(income([2n ** 60n], undefined, "INT64"))), table({ annual_income: 2 ** 60 }));
  const amount = (datatype: string, cell: Cell): Uint8Array =>
    sendRaw(tensor("application.requested_amount", datatype, [cell]));
  assert.deepEqual(decode(amount("INT32", -5)), table({ requested_amount: new Decimal("-5") }));
  assert.deepEqual(decode(amount("BYTES", "5.10")), table({ requested_amount: new Decimal("5.10") }));
  refused(amount("FP64", 5), ["application.requested_amount", /^The datatype must be BYTES, INT8/]);
});

test("a null needs its tensor, as many of them, and nothing in its place", () => {
  const nulls = (cells: readonly Cell[]): Tensor => tensor("application.birth_date__is_null", "BOOL", cells);
  const days = (cells: readonly Cell[]): Tensor => tensor("application.birth_date", "BYTES", cells);
  refused(send(nulls([true])), [
    "application.birth_date__is_null",
    /Was sent without application\.birth_date/,
  ]);
  refused(send(days(["2026-01-31"]), nulls([true, false])), [
    "application.birth_date__is_null",
    /as many elements as application\.birth_date/,
  ]);
  for (const sent of [send, sendRaw]) {
    const inputs = decode(sent(nulls([true, false]), days(["not a day", "2026-01-31"])));
    assert.deepEqual(JSON.parse(JSON.stringify(inputs)), {
      application: [{}, { birth_date: { text: "2026-01-31" } }],
    });
  }
  const odd = requestOf([days([""]), nulls([true])], true);
  odd.rawInputContents[1] = Uint8Array.of(2);
  refused(bytesOf(odd), ["application.birth_date__is_null", /Must be 0 or 1/]);
});

test("texts are UTF-8, and raw ones end with their content", () => {
  const name = tensor("application.application_id", "BYTES", ["a", "b"]);
  const broken = requestOf([name]);
  const [first] = broken.inputs;
  first?.contents?.bytesContents.splice(1, 1, Uint8Array.of(0xff));
  refused(bytesOf(broken), ["application[1].application_id", /UTF-8/]);
  for (const [content, message] of [
    [Buffer.concat([raw("BYTES", ["a"]), Uint8Array.of(9, 0, 0, 0, 1)]), /longer than its raw content/],
    [Buffer.concat([raw("BYTES", ["abcd"])]), /fewer elements/],
    [Buffer.concat([raw("BYTES", ["a", "b"]), Uint8Array.of(0)]), /more elements/],
    [Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), /longer than its raw content/],
  ] as const) {
    const request = requestOf([name], true);
    request.rawInputContents[0] = content;
    refused(bytesOf(request), ["application.application_id", message]);
  }
});

test("parameters that would change the answer are refused, and the others read", () => {
  type Parameter = MessageInitShape<typeof InferParameterSchema>;
  const withParameter = (key: string, value: Parameter): Uint8Array =>
    bytesOf(requestOf([], false, { parameters: { [key]: value } }));
  const bool: Parameter = { parameterChoice: { case: "boolParam", value: true } };
  const int = (value: bigint): Parameter => ({ parameterChoice: { case: "int64Param", value } });
  refused(withParameter("sequence_id", int(1n)), [
    "parameters",
    /not known here\. Known: content_type, timeout/,
  ]);
  refused(withParameter("timeout", bool), ["parameters", /number of microseconds/]);
  refused(withParameter("timeout", int(-1n)), ["parameters", /number of microseconds/]);
  refused(withParameter("priority", int(-1n)), ["parameters", /whole number/]);
  const schedule = (key: string, value: Parameter): object =>
    readInferRequest(withParameter(key, value), 9).schedule;
  assert.deepEqual(schedule("timeout", int(1500n)), { timeoutMs: 1.5, urgency: undefined });
  assert.deepEqual(schedule("timeout", int(0n)), { timeoutMs: undefined, urgency: undefined });
  const priority = (value: bigint): Parameter => ({ parameterChoice: { case: "uint64Param", value } });
  assert.deepEqual(schedule("priority", priority(1n)), { timeoutMs: undefined, urgency: 0 });
  assert.deepEqual(schedule("priority", priority(2n ** 64n - 1n)), { timeoutMs: undefined, urgency: 7 });
  const shared = requestOf([income([1])]);
  for (const input of shared.inputs) {
    input.parameters["shared_memory_region"] = create(InferParameterSchema, int(1n));
  }
  refused(bytesOf(shared), ["inputs[0]", /not known here\. Known: content_type, binary_data_size/]);
  const text = (value: string): Parameter => ({ parameterChoice: { case: "stringParam", value } });
  // As the client of KServe sends a raw tensor.
  const announced = requestOf([income([1])], true);
  for (const input of announced.inputs) {
    input.parameters["binary_data_size"] = create(InferParameterSchema, int(8n));
    input.contents = create(InferTensorContentsSchema);
  }
  assert.deepEqual(decode(bytesOf(announced)), table({ annual_income: 1 }));
  for (const [value, isTaken] of [
    ["np", true],
    ["base64", false],
  ] as const) {
    const bytes = withParameter("content_type", text(value));
    if (isTaken) decode(bytes);
    else refused(bytes, ["parameters", /content_type must be/]);
  }
});

test("only outputs that there are can be asked for, each once", () => {
  const wanting = (...names: readonly string[]): Uint8Array =>
    bytesOf(requestOf([], false, { outputs: names.map((name) => ({ name })) }));
  refused(wanting("score", "nobody"), ["outputs[1]", /no output of this name/]);
  refused(wanting("score", "score"), ["outputs[1]", /asked for twice/]);
});

test("what is no message is said to be none, at every place", () => {
  refused(Uint8Array.of(0x0a, 0x05, 0x41), ["", /not a well-formed protobuf message/]);
  const field = (number: number, content: Uint8Array): Uint8Array =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(content).finish();
  refused(field(1, Uint8Array.of(0xff)), ["model_name", /UTF-8/]);
  refused(field(3, Buffer.alloc(129, "a")), ["id", /128 characters/]);
  refused(field(5, Uint8Array.of(0x0a, 0x09)), ["inputs[0]", /not a well-formed/]);
  const contents = Buffer.concat([
    field(1, Buffer.from("cut_off")),
    field(2, Buffer.from("FP64")),
    field(3, Uint8Array.of(1)),
    field(5, field(7, Uint8Array.of(1, 2, 3))),
  ]);
  refused(field(5, contents), ["cut_off", /not a well-formed/]);
  assert.equal(violationsOf(field(5, Uint8Array.of(0x0a))).length, 1);
});

test("a million of anything ends the reading, not the gateway", () => {
  const many = (content: readonly number[]): Buffer => Buffer.alloc(4_000_000, Uint8Array.from(content));
  refused(many([0x2a, 0x00]), ["inputs", /more than \d+ items/]);
  refused(many([0x32, 0x00]), ["outputs", /more than \d+ items/]);
  refused(many([0x3a, 0x00]), ["raw_input_contents", /more than \d+ items/]);
  refused(many([0x22, 0x00]), ["parameters", /more than 100 items/]);
  const service = sampleService();
  const [first] = service.operation.request.fields;
  assert.ok(first?.type.kind === "array");
  const wide = {
    ...service,
    operation: {
      ...service.operation,
      request: {
        ...service.operation.request,
        fields: [{ ...first, type: { ...first.type, maxItems: 1_000_000 } }],
      },
    },
  };
  const bytes = bytesOf(requestOf([tensor("birth_date", "BYTES", Array<string>(100_000).fill(""))], true));
  assert.throws(
    () => compileInferenceCodec(wide).decode(bytes, readInferRequest(bytes, 100)),
    (error) => error instanceof GatewayError && error.violations.length === MOST_VIOLATIONS,
  );
});

/** One application with one value. */
function table(row: Record<string, Value>): Struct {
  return Object.assign(newStruct(), { application: [Object.assign(newStruct(), row)] });
}
