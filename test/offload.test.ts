/** Large messages are worked on in threads by the same code as small ones: the same bytes, the same errors. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { WireType } from "@bufbuild/protobuf/wire";
import { compileTwoEnds } from "../src/call/two-ends.js";
import type { MessageHeader } from "../src/call/message-header.js";
import type { Service } from "../src/contract/model.js";
import { GatewayError } from "../src/errors.js";
import { compileDecode } from "../src/grpc/decode.js";
import { compileEncode } from "../src/grpc/encode.js";
import { DEFAULT_LIMITS } from "../src/limits.js";
import { startOffload, type OffloadThreads } from "../src/offload.js";
import { writePickle } from "../src/pickle/pickle-writer.js";
import { createEncoder } from "../src/soap/encode.js";
import { SoapRefusal } from "../src/soap/fault/refusals.js";
import { createRequestReader } from "../src/soap/read-request.js";
import { CalendarDate, DateTime, Decimal, type Value } from "../src/values.js";
import { envelope, payload } from "./soap/soap-harness.js";
import { requestFor } from "./grpc/raw-calls.js";
import { bytes, decimalOf, row } from "./grpc/request-bytes.js";
import { sampleService } from "./support/sample-service.js";
import { singleService } from "./support/single-service.js";

/** The sample service with a default of every kind that is an object in memory. */
function serviceWithDefaults(): Service {
  const service = sampleService();
  const { operation } = service;
  const fields = operation.request.fields.map((field) => {
    if (field.role !== "parameters" || field.type.kind !== "struct") return field;
    const types = [
      ["limit", { kind: "decimal" }, new Decimal("10.50")],
      ["since", { kind: "date" }, new CalendarDate("2026-01-31")],
      ["at", { kind: "datetime" }, new DateTime("2026-01-31T10:00:00")],
    ] as const;
    const [first] = field.type.message.fields;
    assert.ok(first !== undefined);
    const added = types.map(([source, type, value], index) => {
      const names = { source, xmlName: source, protoName: source, number: 10 + index };
      return { ...first, ...names, type, default: value };
    });
    const all = [...field.type.message.fields, ...added];
    return { ...field, type: { ...field.type, message: { ...field.type.message, fields: all } } };
  });
  return { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
}

const onDefect = (error: unknown): never => assert.fail(String(error));

function start(context: TestContext, service: Service): OffloadThreads {
  const offload = startOffload({ services: [service], limits: DEFAULT_LIMITS, onDefect });
  context.after(() => offload.close());
  return offload;
}

/** Nobody gives up. */
const PATIENT = { deadlineAt: Number.POSITIVE_INFINITY };

const SOAP_HEAD = { contentType: "text/xml; charset=utf-8", action: '""' };

test("a request is prepared to the same bytes as on the main thread, declared defaults included", async (context) => {
  const service = serviceWithDefaults();
  const { alias } = service;
  const offload = start(context, service);
  const ends = compileTwoEnds(service, DEFAULT_LIMITS);
  const soap = Buffer.from(envelope(payload("<tags><entry><key>a</key><value>1</value></entry></tags>")));
  const readSoap = createRequestReader({ service, limits: DEFAULT_LIMITS, kinds: [] });
  const { inputs, operation } = readSoap(soap, SOAP_HEAD);
  assert.deepEqual(
    await offload.prepare({ ...PATIENT, protocol: "soap", service: alias, body: soap, ...SOAP_HEAD }),
    {
      ...plain(ends.prepare(inputs)),
      operation: operation.name,
    },
  );
  const grpc = Buffer.concat([
    row((writer) => decimalOf("12.5")(writer.tag(1, WireType.LengthDelimited).string("A-1"))),
    requestFor("strict"),
  ]);
  assert.deepEqual(await offload.prepare({ ...PATIENT, protocol: "grpc", service: alias, body: grpc }), {
    ...plain(ends.prepare(compileDecode(service)(grpc))),
    operation: "Evaluate",
  });
});

test("a result is encoded to the same reply, with what stands around it", async (context) => {
  const service = sampleService();
  const offload = start(context, service);
  const ends = compileTwoEnds(service, DEFAULT_LIMITS);
  const result: Value = new Map<Value, Value>([
    ["decision", "APPROVE \u00e9"],
    ["score", 0.25],
    ["reason_codes", ["R1", "R2"]],
  ]);
  const pickled = writePickle(result);
  const work = { ...PATIENT, service: service.alias };
  const around = { before: "<\u00fc>", after: "</\u00fc>" };
  const soap = await offload.finish({ ...work, protocol: "soap", result: Buffer.from(pickled), around });
  const payload = createEncoder(service, DEFAULT_LIMITS.maxMessageBytes)(ends.finish(pickled));
  assert.equal(textOf(soap), `<\u00fc>${payload}</\u00fc>`);
  const grpc = await offload.finish({ ...work, protocol: "grpc", result: Buffer.from(pickled) });
  assert.deepEqual(plainBytes(grpc), plainBytes(compileEncode(service)(ends.finish(pickled))));
});

test("another operation, and another version of SOAP, are told apart there too", async (context) => {
  const service = singleService(true);
  const offload = start(context, service);
  const body = Buffer.from(
    envelope(
      `<EvaluateOne xmlns="${service.namespace}"><application><applicationId>A</applicationId></application></EvaluateOne>`,
    ).replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
  );
  const work = { ...PATIENT, service: service.alias };
  const contentType = "application/soap+xml";
  const { operation, rows } = await offload.prepare({ ...work, protocol: "soap12", body, contentType });
  assert.deepEqual([operation, rows], ["EvaluateOne", 0]);
  const table = writePickle([new Map<Value, Value>([["decision", "approve"]])]);
  const one = await offload.finish({
    ...work,
    protocol: "soap12",
    result: Buffer.from(table),
    operation,
  });
  assert.match(textOf(one), /^<EvaluateOneResponse xmlns="[^"]*"><result><decision>approve</);
  const all = await offload.finish({ ...work, protocol: "soap", result: Buffer.from(table) });
  assert.match(textOf(all), /^<EvaluateResponse xmlns="[^"]*"><result><row>/);
});

test("messages go to the thread and come back with their memory, not as copies", async (context) => {
  const service = sampleService();
  const offload = start(context, service);
  const work = { ...PATIENT, service: service.alias };
  const body = Buffer.from(new Uint8Array(Buffer.from(envelope(payload()))).buffer);
  const { inputs } = await offload.prepare({ ...work, protocol: "soap", body, ...SOAP_HEAD });
  assert.equal(body.length, 0);
  assert.equal(inputs.buffer.byteLength, inputs.length);
  const result = Buffer.concat([Buffer.alloc(17), writePickle(new Map([["decision", "APPROVE"]]))]);
  const behindHead = new Uint8Array(new Uint8Array(result).buffer, 17);
  await offload.finish({ ...work, protocol: "grpc", result: behindHead });
  assert.equal(behindHead.length, 0);
  // What shares its memory with something else is copied: the other must not lose it.
  const shared = new Uint8Array(
    Buffer.concat([writePickle(new Map([["decision", "APPROVE"]])), Buffer.alloc(9)]),
  );
  const end = shared.length - 9;
  await offload.finish({ ...work, protocol: "grpc", result: shared.subarray(0, end) });
  assert.equal(shared.length, end + 9);
});

test("errors are those of the main thread, with their places and their words of SOAP", async (context) => {
  const service = sampleService();
  const { alias } = service;
  const offload = start(context, service);
  const empty = await failure(
    offload.prepare({ ...PATIENT, protocol: "grpc", service: alias, body: bytes((writer) => writer) }),
  );
  assert.equal(empty.code, "invalid_input");
  assert.deepEqual(
    empty.violations.map(({ path }) => path),
    ["application"],
  );
  const body = Buffer.from(envelope(payload()));
  const image = await failure(
    offload.prepare({
      ...PATIENT,
      protocol: "soap",
      service: alias,
      body,
      contentType: "image/png",
      action: "",
    }),
  );
  assert.ok(image instanceof SoapRefusal);
  assert.equal(image.reason, "media_type");
  const wrong = await failure(
    offload.finish({ ...PATIENT, protocol: "grpc", service: alias, result: writePickle("APPROVE") }),
  );
  assert.equal(wrong.code, "output_invalid");
  assert.equal(wrong.started, true);
  assert.match(String(wrong.cause), /expected dict, found str/);
});

test("what the header of a message told comes back, also when it is refused", async (context) => {
  const service = sampleService();
  const offload = start(context, service);
  const wsa = "http://www.w3.org/2005/08/addressing";
  const send = async (blocks: string): Promise<[MessageHeader[], unknown]> => {
    const heard: MessageHeader[] = [];
    const header = `<s:Header xmlns:a="${wsa}"><a:MessageID>urn:x:1</a:MessageID>${blocks}</s:Header>`;
    const body = Buffer.from(envelope(payload(), header));
    const work = {
      ...PATIENT,
      protocol: "soap",
      service: service.alias,
      body,
      contentType: "text/xml",
    } as const;
    const refused = await offload.prepare(work, (one) => heard.push(one)).catch((error: unknown) => error);
    return [heard, refused];
  };
  const [answered] = await send(
    `<a:Action>${service.namespace}:Evaluate</a:Action>` +
      `<a:FaultTo><a:Address>${wsa}/none</a:Address></a:FaultTo>`,
  );
  const endpoints = { replyTo: "anonymous", faultTo: "none" };
  assert.deepEqual(answered, [{ addressing: { messageId: "urn:x:1", operation: "Evaluate", ...endpoints } }]);
  const [heard, refusal] = await send("");
  assert.deepEqual(
    heard.map(({ addressing }) => addressing?.messageId),
    ["urn:x:1"],
  );
  assert.ok(refusal instanceof SoapRefusal);
  assert.equal(refusal.reason, "addressing_required");
  assert.deepEqual(refusal.headers, [{ uri: wsa, local: "Action" }]);
});

test("a message that takes more memory than a thread has fails, and the next one is read", async (context) => {
  const service = unlimitedRows(sampleService());
  const memory = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };
  const offload = startOffload({ services: [service], limits: DEFAULT_LIMITS, onDefect, memory });
  context.after(() => offload.close());
  const work = { ...PATIENT, protocol: "grpc", service: service.alias } as const;
  // Rows without a field: two bytes each, and an object.
  const rows = Buffer.from("\n\0".repeat(1_500_000));
  assert.equal((await failure(offload.prepare({ ...work, body: rows }))).code, "too_large");
  const { rows: count } = await offload.prepare({ ...work, body: Buffer.from(oneRow()) });
  assert.equal(count, 0);
});

test("work that nobody waits for any more is not begun", async (context) => {
  const service = sampleService();
  const offload = start(context, service);
  const body = Buffer.from(envelope(payload()));
  const work = { protocol: "soap", service: service.alias, body, ...SOAP_HEAD } as const;
  const late = await failure(offload.prepare({ ...work, deadlineAt: performance.now() - 1 }));
  assert.deepEqual([late.code, late.started], ["deadline_exceeded", false]);
  const gone = await failure(offload.prepare({ ...work, ...PATIENT, signal: AbortSignal.abort() }));
  assert.deepEqual([gone.code, gone.started], ["deadline_exceeded", false]);
  // It is still the caller's own.
  assert.ok(body.length > 0);
});

/** A request that decodes: one row with what is required. */
function oneRow(): Uint8Array {
  return row((writer) => decimalOf("12.5")(writer.tag(1, WireType.LengthDelimited).string("A-1")));
}

/** The same contract with as many rows as a message holds. */
function unlimitedRows(service: Service): Service {
  const { operation } = service;
  const fields = operation.request.fields.map((field) =>
    field.type.kind === "array" ? { ...field, type: { ...field.type, maxItems: 10_000_000 } } : field,
  );
  return { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => assert.fail("should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, String(error));
  return error;
}

function plain(prepared: { inputs: Uint8Array; rows: number }): { inputs: Uint8Array; rows: number } {
  return { ...prepared, inputs: plainBytes(prepared.inputs) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** The same bytes as a `Uint8Array`, whatever held them. */
function plainBytes(from: Uint8Array): Uint8Array {
  return new Uint8Array(from);
}
