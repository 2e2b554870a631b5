import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { status as Status } from "@grpc/grpc-js";
import { contractFiles } from "../../src/contract-files.js";
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
import { sampleContracts } from "../support/arbitrary-contract.js";
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

test("whatever a contract declares leads to its files, which are those of its descriptor set, byte for byte", () => {
  const contracts = [sampleService(), ...sampleContracts(20, 3)].map((service, index) => ({
    ...service,
    protoPackage: `any_${index}.v1`,
  }));
  const askThem = compileReflection(contracts);
  for (const service of contracts) {
    const served = contractFiles(service).find(({ path }) => path.endsWith(".binpb"))?.content;
    assert.ok(served instanceof Uint8Array);
    const set = fromBinary(FileDescriptorSetSchema, served);
    const inSet = new Map(set.file.map((file) => [file.name, toBinary(FileDescriptorProtoSchema, file)]));
    const own = set.file.at(-1);
    assert.ok(own?.package === service.protoPackage);
    // By the registry of protobuf-es, which knows messages, services, enums and extensions, and by their members.
    const symbols = [...createFileRegistry(set)].flatMap((desc) => [
      desc.kind === "message" ? desc.fields.map(({ name }) => `${desc.typeName}.${name}`) : [],
      desc.kind === "service" ? desc.methods.map(({ name }) => `${desc.typeName}.${name}`) : [],
      [desc.typeName],
    ]);
    for (const symbol of symbols.flat(2)) {
      const request = create(ServerReflectionRequestSchema, {
        messageRequest: { case: "fileContainingSymbol", value: symbol },
      });
      const { messageResponse } = askThem(request);
      assert.ok(messageResponse.case === "fileDescriptorResponse", symbol);
      for (const bytes of messageResponse.value.fileDescriptorProto) {
        const { name } = fromBinary(FileDescriptorProtoSchema, bytes);
        assert.deepEqual(Buffer.from(bytes), Buffer.from(inSet.get(name) ?? []), name);
      }
    }
  }
});

test("values of enums, members of oneofs, and both keys and values of maps are symbols too", () => {
  for (const [symbol, file] of [
    ["grpc.health.v1.HealthCheckResponse.SERVING", "grpc/health/v1/health.proto"],
    ["grpc.reflection.v1.ServerReflectionRequest.message_request", "grpc/reflection/v1/reflection.proto"],
    [
      "grpc.reflection.v1alpha.ServerReflectionRequest.list_services",
      "grpc/reflection/v1alpha/reflection.proto",
    ],
    ["sample_decision.v1.ApplicationRow.TagsEntry.key", "sample_decision/v1/sample_decision.proto"],
  ] as const) {
    assert.equal(filesFor({ case: "fileContainingSymbol", value: symbol })[0], file);
  }
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
