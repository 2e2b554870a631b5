import assert from "node:assert/strict";
import { test } from "node:test";
import { createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import { buildDescriptorSet } from "../../src/proto/descriptor.js";
import { sampleService } from "../support/sample-service.js";
import { approve, send, serve } from "./grpc-harness.js";

test("GetMetadata says which artifact answers, its contract, tables and limits", async (t) => {
  const { client } = await serve(t, approve, { maxMessageBytes: 5000 });
  const path = "/sample_decision.v1.SampleDecisionService/GetMetadata";
  const { error, reply } = await send(client, new Uint8Array(), { path });
  assert.equal(error, undefined);
  const type = createFileRegistry(buildDescriptorSet(sampleService())).getMessage(
    "sample_decision.v1.GetMetadataResponse",
  );
  assert.ok(type !== undefined && reply !== undefined);
  assert.deepEqual(toJson(type, fromBinary(type, reply)), {
    artifact: "sample",
    artifactVersion: "1.2",
    artifactDigest: "sha256:a",
    contractMajor: "1",
    contractHash: "sha256:c",
    gatewayVersion: "0.0.0",
    tables: sampleService()
      .operation.request.fields.filter(({ role }) => role === "table")
      .map(({ protoName, source, required, type: table }) => ({
        name: protoName,
        source,
        required,
        ...(table.kind === "array" && table.items.kind === "struct"
          ? {
              maxRows: String(table.maxItems),
              columns: table.items.message.fields.map((column) => column.protoName),
            }
          : {}),
      })),
    limits: {
      maxMessageBytes: "5000",
      defaultTimeoutMs: "30000",
      maxTimeoutMs: "300000",
      maxConcurrentCalls: "1",
    },
  });
});
