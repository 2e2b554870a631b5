import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { status as Status } from "@grpc/grpc-js";
import { compileReflection } from "../../src/grpc/reflection-answers.js";
import { standardDefinition } from "../../src/grpc/service-definition.js";
import { buildFileDescriptor } from "../../src/proto/descriptor.js";
import {
  ServerReflection,
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "../../src/proto/gen/grpc/reflection/v1/reflection_pb.js";
import { sampleService } from "../support/sample-service.js";
import { decision, handler, serve } from "./grpc-harness.js";

const run = promisify(execFile);
const BUF = resolve("node_modules/.bin/buf");
const SERVICE = "sample_decision.v1.SampleDecisionService";

const answer = compileReflection([sampleService(), { ...sampleService(), protoPackage: "other.v1" }]);

function ask(messageRequest: ServerReflectionRequest["messageRequest"]): ServerReflectionResponse {
  const request = create(ServerReflectionRequestSchema, { host: "h", messageRequest });
  const response = answer(request);
  assert.equal(response.validHost, "h");
  assert.deepEqual(response.originalRequest, request);
  // As it travels.
  return fromBinary(ServerReflectionResponseSchema, toBinary(ServerReflectionResponseSchema, response));
}

function filesFor(messageRequest: ServerReflectionRequest["messageRequest"]): string[] {
  const { messageResponse } = ask(messageRequest);
  assert.ok(messageResponse.case === "fileDescriptorResponse", messageResponse.case);
  return messageResponse.value.fileDescriptorProto.map(
    (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
  );
}

function errorFor(messageRequest: ServerReflectionRequest["messageRequest"]): number | undefined {
  const { messageResponse } = ask(messageRequest);
  return messageResponse.case === "errorResponse" ? messageResponse.value.errorCode : undefined;
}

test("every service is listed, the standard ones too", () => {
  const { messageResponse } = ask({ case: "listServices", value: "" });
  assert.ok(messageResponse.case === "listServicesResponse");
  assert.deepEqual(
    messageResponse.value.service.map(({ name }) => name),
    [
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "other.v1.SampleDecisionService",
      SERVICE,
    ],
  );
});

test("a file comes with all that it imports, by file name, message, method or field", () => {
  const expected = [
    "sample_decision/v1/sample_decision.proto",
    "google/protobuf/timestamp.proto",
    "google/rpc/status.proto",
    "google/protobuf/any.proto",
    "google/type/date.proto",
    "google/type/decimal.proto",
  ];
  assert.deepEqual(
    filesFor({ case: "fileByFilename", value: "sample_decision/v1/sample_decision.proto" }),
    expected,
  );
  for (const symbol of [
    SERVICE,
    `${SERVICE}.Evaluate`,
    "sample_decision.v1.ApplicationRow",
    "sample_decision.v1.ApplicationRow.annual_income",
    "sample_decision.v1.ApplicationRow.TagsEntry",
  ]) {
    assert.deepEqual(filesFor({ case: "fileContainingSymbol", value: symbol }), expected, symbol);
  }
  assert.deepEqual(filesFor({ case: "fileContainingSymbol", value: "google.type.Date" }), [
    "google/type/date.proto",
  ]);
});

test("the descriptor that is served is the one that is generated, comments included", () => {
  const { messageResponse } = ask({ case: "fileContainingSymbol", value: SERVICE });
  assert.ok(messageResponse.case === "fileDescriptorResponse");
  const [bytes] = messageResponse.value.fileDescriptorProto;
  assert.deepEqual(bytes, toBinary(FileDescriptorProtoSchema, buildFileDescriptor(sampleService())));
});

test("what is not there is said to be not there", () => {
  for (const value of [
    "",
    ".",
    "constructor",
    "__proto__",
    `${SERVICE}.Guess`,
    "sample_decision.v1.Nothing",
  ]) {
    assert.equal(errorFor({ case: "fileContainingSymbol", value }), Status.NOT_FOUND, value);
    assert.equal(errorFor({ case: "fileByFilename", value }), Status.NOT_FOUND, value);
    assert.equal(errorFor({ case: "allExtensionNumbersOfType", value }), Status.NOT_FOUND, value);
  }
  assert.equal(errorFor({ case: undefined }), Status.INVALID_ARGUMENT);
  const { messageResponse } = ask({ case: "allExtensionNumbersOfType", value: "google.type.Date" });
  assert.equal(messageResponse.case, "allExtensionNumbersResponse");
});

test("buf curl lists, describes and calls with no schema of its own", async (t) => {
  const { address, face } = await serve(
    t,
    handler((inputs) => decision(Array.isArray(inputs["application"]) ? "rows" : "none")),
  );
  face.setServing(true);
  const curl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(BUF, ["curl", "--http2-prior-knowledge", "--protocol", "grpc", ...args]);
    return stdout;
  };
  const url = `http://${address}`;
  for (const protocol of ["grpc-v1", "grpc-v1alpha"]) {
    const methods = await curl("--reflect-protocol", protocol, "--list-methods", url);
    assert.ok(methods.includes(`${SERVICE}/Evaluate`), methods);
    const data = JSON.stringify({
      application: [
        {
          applicationId: "a",
          requestedAmount: { value: "1.50" },
          tags: { x: "9223372036854775807" },
          submittedAt: "2024-02-29T12:00:00.000001Z",
          bands: [{ key: 1.5, value: "low" }],
        },
      ],
    });
    const reply = await curl("--reflect-protocol", protocol, "-d", data, `${url}/${SERVICE}/Evaluate`);
    assert.deepEqual(JSON.parse(reply), { result: { decision: "rows" } });
  }
  const health = await curl("-d", "{}", `${url}/grpc.health.v1.Health/Check`);
  assert.deepEqual(JSON.parse(health), { status: "SERVING" });
  const invalid = JSON.stringify({ application: [{ birthDate: { year: 2024 } }] });
  await assert.rejects(curl("-d", invalid, `${url}/${SERVICE}/Evaluate`), (error: object) => {
    const said = "stderr" in error ? String(error.stderr) : "";
    return said.includes("invalid_argument") && said.includes("application[0].birth_date");
  });
});

test("a caller that asks much faster than it reads gets every answer", async (t) => {
  const { client } = await serve(
    t,
    handler(() => decision("approve")),
  );
  const method = standardDefinition(ServerReflection)["ServerReflectionInfo"];
  assert.ok(method !== undefined);
  const stream = client.makeBidiStreamRequest<ServerReflectionRequest, ServerReflectionResponse>(
    method.path,
    (value) => method.requestSerialize(value),
    (bytes) => method.responseDeserialize(bytes) as ServerReflectionResponse,
  );
  for (let i = 0; i < 500; i++) {
    const messageRequest = { case: "fileContainingSymbol" as const, value: SERVICE };
    stream.write(create(ServerReflectionRequestSchema, { host: String(i), messageRequest }));
  }
  stream.end();
  const hosts: string[] = [];
  for await (const response of stream) hosts.push((response as ServerReflectionResponse).validHost);
  assert.deepEqual(
    hosts,
    Array.from({ length: 500 }, (_, i) => String(i)),
  );
});

test("open reflection streams do not keep a drain waiting, and none is served after it", async (t) => {
  const { client, face } = await serve(
    t,
    handler(() => decision("approve")),
  );
  const method = standardDefinition(ServerReflection)["ServerReflectionInfo"];
  assert.ok(method !== undefined);
  const stream = client.makeBidiStreamRequest<ServerReflectionRequest, ServerReflectionResponse>(
    method.path,
    (value) => method.requestSerialize(value),
    (bytes) => method.responseDeserialize(bytes) as ServerReflectionResponse,
  );
  const ended = new Promise<Status>((settle) => {
    stream.on("status", ({ code }: { code: Status }) => settle(code));
  });
  const answered = new Promise((settle) => stream.once("data", settle));
  stream.write(
    create(ServerReflectionRequestSchema, { messageRequest: { case: "listServices", value: "" } }),
  );
  await answered;
  await face.drain(60_000);
  assert.equal(await ended, Status.OK);
});
