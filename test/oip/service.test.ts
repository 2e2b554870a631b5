/** The six calls through a real socket, in front of a handler of the test's own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { resolve } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import { Client, credentials, status as Status } from "@grpc/grpc-js";
import type { CallContext, CallHandler } from "../../src/call/call.js";
import { GatewayError } from "../../src/errors.js";
import { createGrpcServer } from "../../src/grpc/server.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import { createInferenceService } from "../../src/oip/inference-service.js";
import { BadRequestSchema } from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";
import {
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
} from "../../src/proto/gen/grpc/health/v1/health_pb.js";
import { GRPCInferenceService } from "../../src/proto/gen/inference/grpc_predict_v2_pb.js";
import { newStruct, type Struct } from "../../src/values.js";
import { FACTS, approve, decision, handler, send } from "../grpc/grpc-harness.js";
import { NO_OFFLOAD } from "../support/no-offload.js";
import { sampleService } from "../support/sample-service.js";
import { ask, methodPath } from "./oip-harness.js";
import { readReply, requestOf, type Tensor } from "./tensors.js";

const { method } = GRPCInferenceService;

const run = promisify(execFile);
const BUF = resolve("node_modules/.bin/buf");

interface Door {
  readonly client: Client;
  readonly address: string;
  ready: boolean;
}

async function open(
  t: TestContext,
  call: CallHandler,
  limits: Partial<Limits> = {},
  isOpen = true,
): Promise<Door> {
  const door = { ready: true };
  const entry = { service: sampleService(), call, facts: FACTS, slots: () => 1 };
  const common = { limits: { ...DEFAULT_LIMITS, ...limits }, offload: NO_OFFLOAD };
  const inference = createInferenceService({
    ...common,
    entries: [{ ...entry, isReady: () => door.ready }],
    gatewayVersion: "1.2.3",
    isReady: () => door.ready,
  });
  const face = createGrpcServer({
    ...common,
    entries: [entry],
    beside: isOpen ? [inference] : [],
    http2: "own",
    onDefect: (error) => assert.fail(String(error)),
  });
  face.setServing(true);
  const listener = createServer((socket) => face.injectConnection(socket));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const client = new Client(address, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  t.after(async () => {
    client.close();
    listener.close();
    await face.drain(0);
  });
  return Object.assign(door, { client, address });
}

const amount: Tensor = { name: "application.requested_amount", datatype: "BYTES", cells: ["1.50"] };

test("the server and its models say who they are, and whether they are ready", async (t) => {
  const door = await open(t, approve);
  const { client } = door;
  assert.equal((await ask(client, method.serverLive, {})).reply.live, true);
  const { reply } = await ask(client, method.serverMetadata, {});
  assert.deepEqual(
    [reply.name, reply.version, reply.extensions],
    ["artifact-gateway", "1.2.3", ["schedule_policy"]],
  );
  for (const ready of [true, false]) {
    door.ready = ready;
    assert.equal((await ask(client, method.serverReady, {})).reply.ready, ready);
    for (const version of ["", "1.2"]) {
      const asked = await ask(client, method.modelReady, { name: "sample_decision", version });
      assert.equal(asked.error, undefined);
      assert.equal(asked.reply.ready, ready);
    }
  }
});

test("a model describes its tensors", async (t) => {
  const { client } = await open(t, approve);
  const { reply } = await ask(client, method.modelMetadata, { name: "sample_decision" });
  const { name, versions, platform, inputs, outputs } = reply;
  assert.deepEqual(
    { name, versions, platform },
    {
      name: "sample_decision",
      versions: ["1.2"],
      platform: "artifact-gateway",
    },
  );
  assert.equal(inputs.length, 27);
  const [first] = inputs;
  assert.deepEqual(
    [first?.name, first?.datatype, first?.shape],
    ["application.application_id", "BYTES", [-1n]],
  );
  assert.deepEqual(
    outputs.slice(0, 4).map((output) => [output.name, output.datatype, output.shape]),
    [
      ["decision", "BYTES", [1n]],
      ["decision__is_null", "BOOL", [1n]],
      ["credit_limit", "BYTES", [1n]],
      ["credit_limit__is_null", "BOOL", [1n]],
    ],
  );
});

test("models and versions that there are not are NOT_FOUND, and nothing of the request comes back", async (t) => {
  const { client } = await open(t, approve);
  for (const [name, version, text] of [
    ["secret", "", /no model of this name\. Served: sample_decision\./],
    [
      "sample_decision",
      "secret",
      /not served in this version, but in version 1\.2\. Leave the version empty/,
    ],
  ] as const) {
    const answers = [
      await ask(client, method.modelReady, { name, version }),
      await ask(client, method.modelMetadata, { name, version }),
      await ask(client, method.modelInfer, { modelName: name, modelVersion: version }),
    ];
    for (const { error } of answers) {
      assert.equal(error?.code, Status.NOT_FOUND);
      assert.match(error.details, text);
      assert.doesNotMatch(JSON.stringify(error.metadata.toJSON()) + error.details, /secret/);
    }
  }
});

test("an inference goes through the call path, and is answered in the form in which it was asked", async (t) => {
  const contexts: CallContext[] = [];
  const seen: Struct[] = [];
  const { client } = await open(
    t,
    handler((inputs, context) => {
      contexts.push(context);
      seen.push(inputs);
      return Object.assign(newStruct(), { decision: "approve", score: 0.5 });
    }),
  );
  for (const isRaw of [false, true]) {
    const outputs = [{ name: "decision" }, { name: "sequence" }, { name: "approved__is_null" }];
    const request = requestOf([amount], isRaw, { id: "call-7", outputs });
    const { error, reply, requestId } = await ask(client, method.modelInfer, request);
    assert.equal(error, undefined);
    assert.deepEqual([reply.modelName, reply.modelVersion, reply.id], ["sample_decision", "1.2", "call-7"]);
    assert.equal(requestId, "call-7");
    assert.equal(reply.rawOutputContents.length > 0, isRaw);
    const tensors = [...readReply(toBinary(method.modelInfer.output, reply)).values()];
    assert.deepEqual(tensors, [
      { name: "decision", datatype: "BYTES", cells: ["approve"] },
      // Who asks for a tensor gets its nulls: a filler alone would pass for a value.
      { name: "decision__is_null", datatype: "BOOL", cells: [false] },
      { name: "sequence", datatype: "INT64", cells: [0n] },
      { name: "sequence__is_null", datatype: "BOOL", cells: [true] },
      { name: "approved__is_null", datatype: "BOOL", cells: [true] },
    ]);
  }
  const [context] = contexts;
  assert.equal(context?.protocol, "oip");
  assert.equal(context.requestId, "call-7");
  assert.deepEqual(JSON.parse(JSON.stringify(seen[0])), {
    application: [{ requested_amount: { text: "1.50" } }],
  });
});

test("a header names the request before the id of the message does; an id that is no request id still comes back", async (t) => {
  const { client } = await open(t, approve);
  const given = requestOf([amount], false, { id: "of message" });
  const named = await ask(client, method.modelInfer, given, { metadata: { "x-request-id": "of-header" } });
  assert.deepEqual([named.requestId, named.reply.id], ["of-header", "of message"]);
  const unnamed = await ask(client, method.modelInfer, given);
  assert.match(unnamed.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(unnamed.reply.id, "of message");
});

test("the sooner of deadline and timeout parameter is the call's, and priority its urgency", async (t) => {
  const contexts: CallContext[] = [];
  const { client } = await open(
    t,
    handler((_inputs, context) => {
      contexts.push(context);
      return decision("approve");
    }),
  );
  const left = async (timeoutUs: bigint | undefined, deadlineMs?: number): Promise<number> => {
    const parameters =
      timeoutUs === undefined
        ? {}
        : { timeout: { parameterChoice: { case: "int64Param" as const, value: timeoutUs } } };
    const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    const before = performance.now();
    await ask(client, method.modelInfer, requestOf([amount], false, { parameters }), { options });
    return (contexts.at(-1)?.deadlineAt ?? 0) - before;
  };
  const near = (actual: number, expected: number): void =>
    assert.ok(actual > expected - 1000 && actual < expected + 9000, `${actual}, not ${expected}`);
  near(await left(undefined), 30_000);
  near(await left(60_000_000n), 60_000);
  near(await left(60_000_000n, 90_000), 60_000);
  near(await left(90_000_000n, 60_000), 60_000);
  const priority = { parameterChoice: { case: "uint64Param" as const, value: 6n } };
  await ask(client, method.modelInfer, requestOf([amount], false, { parameters: { priority } }));
  assert.equal(contexts.at(-1)?.urgency, 5);
});

test("what does not fit is INVALID_ARGUMENT with every field, and a failure is told as everywhere", async (t) => {
  let failure: GatewayError | undefined;
  const { client } = await open(t, async (_context, codec) => {
    if (failure !== undefined) throw failure;
    await codec.decode();
    return codec.encode(decision("approve"));
  });
  const wrong = requestOf([
    { ...amount, cells: ["x"] },
    { name: "strategy", datatype: "INT64", cells: [1n] },
  ]);
  const { error, requestId } = await ask(client, method.modelInfer, wrong);
  assert.equal(error?.code, Status.INVALID_ARGUMENT);
  const [rich] = error.metadata.get("grpc-status-details-bin");
  assert.ok(rich instanceof Buffer);
  const detail = fromBinary(StatusSchema, rich).details.find(({ typeUrl }) => typeUrl.endsWith("BadRequest"));
  assert.ok(detail !== undefined);
  assert.deepEqual(
    fromBinary(BadRequestSchema, detail.value).fieldViolations.map(({ field }) => field),
    ["strategy", "application[0].requested_amount"],
  );
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  failure = new GatewayError("overloaded", "Too busy.", { retryAfterMs: 50 });
  const busy = await ask(client, method.modelInfer, requestOf([]));
  assert.equal(busy.error?.code, Status.UNAVAILABLE);
  assert.deepEqual(busy.error.metadata.get("grpc-retry-pushback-ms"), ["50"]);
  failure = new GatewayError("internal", "Ours.", { cause: new Error("secret") });
  const ours = await ask(client, method.modelInfer, requestOf([]));
  assert.equal(ours.error?.code, Status.INTERNAL);
  assert.doesNotMatch(JSON.stringify(ours.error.metadata.toJSON()), /secret/);
});

test("a result of another type is an error of the artifact, and a long message is refused", async (t) => {
  const { client } = await open(
    t,
    handler(() => Object.assign(newStruct(), { score: "high" })),
    { maxMessageBytes: 2000 },
  );
  const wrong = await ask(client, method.modelInfer, requestOf([amount]));
  assert.equal(wrong.error?.code, Status.INTERNAL);
  const long = await ask(client, method.modelInfer, requestOf([{ ...amount, cells: ["1".repeat(3000)] }]));
  assert.equal(long.error?.code, Status.RESOURCE_EXHAUSTED);
});

test("the door is shut unless it is opened: no method, no health, no reflection", async (t) => {
  for (const isOpen of [false, true]) {
    const { client } = await open(t, approve, {}, isOpen);
    const live = await ask(client, method.serverLive, {});
    assert.equal(live.error?.code, isOpen ? undefined : Status.UNIMPLEMENTED);
    const asked = create(HealthCheckRequestSchema, { service: GRPCInferenceService.typeName });
    const health = await send(client, toBinary(HealthCheckRequestSchema, asked), {
      path: "/grpc.health.v1.Health/Check",
    });
    assert.equal(health.error?.code, isOpen ? undefined : Status.NOT_FOUND);
    if (health.reply !== undefined) {
      assert.equal(fromBinary(HealthCheckResponseSchema, health.reply).status, 1);
    }
    // A method of the extensions, which clients of Triton know.
    const extension = await send(client, new Uint8Array(), { path: methodPath("RepositoryIndex") });
    assert.equal(extension.error?.code, Status.UNIMPLEMENTED);
  }
});

test("buf curl lists and calls it with no schema of its own, by both names of reflection", async (t) => {
  const { address } = await open(t, approve);
  const curl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(BUF, ["curl", "--http2-prior-knowledge", "--protocol", "grpc", ...args]);
    return stdout;
  };
  for (const protocol of ["grpc-v1", "grpc-v1alpha"]) {
    const reflect = ["--reflect-protocol", protocol];
    const listed = await curl(...reflect, "--list-methods", `http://${address}`);
    const methods = listed.split("\n").filter((line) => line.startsWith("inference."));
    assert.equal(methods.length, 6);
    const strategy = {
      name: "strategy",
      datatype: "BYTES",
      shape: ["1"],
      contents: { bytes_contents: ["YQ=="] },
    };
    const data = JSON.stringify({ model_name: "sample_decision", id: "7", inputs: [strategy] });
    const reply = await curl(...reflect, "-d", data, `http://${address}${methodPath("ModelInfer")}`);
    const { modelName, id, outputs } = JSON.parse(reply) as {
      modelName: string;
      id: string;
      outputs: object[];
    };
    assert.deepEqual([modelName, id, outputs.length], ["sample_decision", "7", 16]);
  }
});
