import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import { buildDescriptorSet } from "../../src/proto/descriptor.js";
import { interfaceHash } from "../../src/lock/interface-hash.js";
import { gatewayVersion } from "../../src/version.js";
import type { Json } from "../support/json-of-type.js";
import { fixture } from "../support/pool-harness.js";
import { runCommand } from "../support/run-command.js";
import { repository } from "../support/served-example.js";
import { sampleService } from "../support/sample-service.js";
import { approve, send, serve } from "./grpc-harness.js";
import { serveArtifacts } from "./served-artifacts.js";

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

test("each value is that of the artifact and of the settings, for every artifact of a gateway", async (t) => {
  const folders = [repository("examples/credit_decision/artifact"), fixture("faults")];
  const { client, served } = await serveArtifacts(t, folders, {
    processes: "2",
    maxMessageBytes: "123456",
    defaultTimeoutMs: "4321",
    maxTimeoutMs: "54321",
  });
  for (const [index, alias] of ["credit_decision", "faults"].entries()) {
    const { service, artifact } = served(alias);
    const name = `${service.protoPackage}.${service.name}`;
    const { error, reply } = await send(client, new Uint8Array(), { path: `/${name}/GetMetadata` });
    assert.equal(error, undefined);
    const type = createFileRegistry(buildDescriptorSet(service)).getMessage(
      `${service.protoPackage}.GetMetadataResponse`,
    );
    assert.ok(type !== undefined && reply !== undefined);
    const folder = folders[index] ?? assert.fail();
    // What the command prints to whoever approves the bundle.
    const verified = await runCommand(process.execPath, ["dist/src/cli/main.js", "verify", folder, "--json"]);
    const { digest } = JSON.parse(verified) as { digest: string };
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    const { tables, limits, contractHash, ...rest } = toJson(type, fromBinary(type, reply)) as Record<
      string,
      Json
    >;
    assert.deepEqual(rest, {
      artifact: artifact.metadata.name ?? alias,
      ...(artifact.metadata.version === undefined ? {} : { artifactVersion: artifact.metadata.version }),
      artifactDigest: digest,
      contractMajor: String(service.major),
      gatewayVersion: gatewayVersion(),
    });
    assert.deepEqual(limits, {
      maxMessageBytes: "123456",
      defaultTimeoutMs: "4321",
      maxTimeoutMs: "54321",
      maxConcurrentCalls: "2",
    });
    assert.equal(contractHash, interfaceHash(service));
    const info = JSON.parse(readFileSync(join(folder, "input_info.json"), "utf8")) as {
      tables?: { alias: string; columns: unknown[] }[];
    };
    assert.deepEqual(
      (tables as { source: string; columns: unknown[] }[] | undefined)?.map(({ source, columns }) => [
        source,
        columns.length,
      ]),
      info.tables?.map(({ alias: source, columns }) => [source, columns.length]),
    );
  }
});
