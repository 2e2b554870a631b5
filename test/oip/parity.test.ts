/** Every sample of the examples through the inference door of the real gateway: the answers that SOAP and gRPC give. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { toBinary } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { structFromJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { GRPCInferenceService } from "../../src/proto/gen/inference/grpc_predict_v2_pb.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { samplesOf } from "../examples/sample-files.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { startLocalLlm } from "../support/local-llm.js";
import { PYTHON } from "../support/pool-harness.js";
import { repository, serveExample } from "../support/served-example.js";
import { ask } from "./oip-harness.js";
import { readReply, requestOf, resultOf, tensorsOf } from "./tensors.js";

const { modelInfer, modelMetadata, serverReady } = GRPCInferenceService.method;

let stopLlm: () => void;
before(async () => {
  stopLlm = await startLocalLlm();
});
after(() => stopLlm());

for (const example of ["credit_decision", "card_assistant"]) {
  test(`${example}: an inference answers every sample as a call does`, async (context) => {
    const artifact = repository(`examples/${example}/artifact`);
    const flags = { python: PYTHON, openInference: "true" };
    const { gateway, service, address, calls } = await serveExample(artifact, flags);
    const client = new Client(address, credentials.createInsecure());
    context.after(async () => {
      client.close();
      await gateway.stop();
    });
    assert.equal((await ask(client, serverReady, {})).reply.ready, true);
    const { reply: described } = await ask(client, modelMetadata, { name: example });
    const known = new Set(described.inputs.map(({ name }) => name));
    const samples = samplesOf(example);
    assert.ok(samples.length > 0);
    for (const { name, file, expected } of samples) {
      const json = parseStrictJson(readFileSync(file), file);
      const tensors = tensorsOf(service, structFromJson(service.operation.request, json, "", []));
      assert.ok(tensors.every((tensor) => known.has(tensor.name)));
      for (const isRaw of [false, true]) {
        const request = requestOf(tensors, isRaw, { modelName: example });
        const { error, reply, requestId } = await ask(client, modelInfer, request);
        assert.equal(error, undefined, `${name}: ${error?.details}`);
        const result = resultOf(service, readReply(toBinary(modelInfer.output, reply)));
        const answer = JSON.parse(encodeJson(result)) as Json;
        assert.deepEqual(answer, withoutNulls(JSON.parse(expected) as Json), name);
        const record = calls.at(-1);
        assert.deepEqual([record?.protocol, record?.code, record?.requestId], ["oip", "ok", requestId]);
      }
    }
  });
}

test("the door is shut by default", async (context) => {
  const artifact = repository("examples/credit_decision/artifact");
  const { gateway, address } = await serveExample(artifact, { python: PYTHON });
  const client = new Client(address, credentials.createInsecure());
  context.after(async () => {
    client.close();
    await gateway.stop();
  });
  assert.equal((await ask(client, serverReady, {})).error?.code, 12);
});
