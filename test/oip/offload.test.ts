/** Large inferences are worked on in threads by the same code as small ones: the same bytes, the same errors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTwoEnds } from "../../src/call/two-ends.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { compileInferenceCodec } from "../../src/oip/codec.js";
import { readInferRequest } from "../../src/oip/infer-request.js";
import { startOffload } from "../../src/offload.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { sampleService } from "../support/sample-service.js";
import { bytesOf, requestOf, type Tensor } from "./tensors.js";

const service = sampleService();
const codec = compileInferenceCodec(service);
const ends = compileTwoEnds(service, DEFAULT_LIMITS);
const PATIENT = { deadlineAt: Number.POSITIVE_INFINITY, protocol: "oip", service: service.alias } as const;

const tensors: readonly Tensor[] = [
  { name: "application.application_id", datatype: "BYTES", cells: ["A-1", "A-2"] },
  { name: "application.requested_amount", datatype: "BYTES", cells: ["1.50", "2"] },
];

test("requests, refusals and results are the same in a thread", async (context) => {
  const onDefect = (error: unknown): never => assert.fail(String(error));
  const offload = startOffload({ services: [service], limits: DEFAULT_LIMITS, onDefect });
  context.after(() => offload.close());

  const bytes = bytesOf(requestOf(tensors, true));
  const here = ends.prepare(codec.decode(bytes, readInferRequest(bytes, codec.mostTensors)));
  const there = await offload.prepare({ ...PATIENT, body: Buffer.from(bytes) });
  assert.deepEqual(Buffer.from(there.inputs), Buffer.from(here.inputs));
  assert.equal(there.operation, "Evaluate");

  const wrong = bytesOf(requestOf([{ name: "cut_off", datatype: "BOOL", cells: [true] }]));
  await assert.rejects(offload.prepare({ ...PATIENT, body: Buffer.from(wrong) }), (error) => {
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.code, error.violations[0]?.path], ["invalid_input", "cut_off"]);
    return true;
  });

  const pickled = writePickle(new Map([["decision", "approve"]]));
  for (const form of [
    { isRaw: true, wanted: undefined },
    { isRaw: false, wanted: ["decision", "score"] },
  ]) {
    const reply = await offload.finish({ ...PATIENT, result: Buffer.from(pickled), form });
    assert.deepEqual(Buffer.from(reply), Buffer.from(codec.encode(ends.finish(pickled), form)));
  }
});
