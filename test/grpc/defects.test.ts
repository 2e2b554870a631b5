/** A defect of ours in any stage of a call, by every road of gRPC: the caller hears INTERNAL at once, and nothing of the cause. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Client, compressionAlgorithms, credentials, status as Status } from "@grpc/grpc-js";
import { createHandlerOver } from "./handler-over.js";
import type { CallHandler, Codec, Sized } from "../../src/call/call.js";
import { Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { createOracle } from "./es-oracle.js";
import { ErrorInfoSchema } from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";
import { EVALUATE, HTTP2, send, serve } from "./grpc-harness.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";

const boom = (): never => {
  throw new TypeError("secret of /a/machine/path");
};

const struct = (members: Record<string, Value>): Struct => Object.assign(newStruct(), members);

const answer = writePickle(struct({ decision: "approve" }));
const row = struct({ application_id: "A-1", requested_amount: new Decimal("1.50") });
const service = sampleService();
const request = createOracle(service).encode(service.operation.request, struct({ application: [row] }));

/** The call path with its codec changed in one place. */
function withCodec(change: <Reply extends Sized>(codec: Codec<Reply>) => Partial<Codec<Reply>>): CallHandler {
  const call = createHandlerOver(() => Promise.resolve(answer));
  return (context, codec) => call(context, { ...codec, ...change(codec) });
}

/** Where it breaks, and whether main() has run by then. */
const STAGES: readonly (readonly [stage: string, call: CallHandler, started: boolean])[] = [
  ["the decoder", withCodec(() => ({ decode: boom })), false],
  ["the decoder, later", withCodec(() => ({ decode: async () => Promise.resolve().then(boom) })), false],
  ["admission", createHandlerOver(() => Promise.resolve(answer), { admit: boom }), false],
  ["the dispatcher", createHandlerOver(boom), false],
  ["the dispatcher, later", createHandlerOver(() => Promise.resolve().then(boom)), false],
  ["the encoder", withCodec(() => ({ encode: boom })), true],
];

interface Told {
  readonly status: number;
  readonly reason: string | undefined;
  readonly started: string | undefined;
  readonly text: string;
}

function toldIn(rich: Uint8Array | string | undefined): Told {
  assert.ok(rich instanceof Uint8Array, "no details");
  const { code, message, details } = fromBinary(StatusSchema, rich);
  const info = details.map((detail) => anyUnpack(detail, ErrorInfoSchema)).find((one) => one !== undefined);
  const { reason, metadata } = info ?? {};
  return { status: code, reason, started: metadata?.["started"], text: `${message} ${JSON.stringify(info)}` };
}

async function askUnary(client: Client): Promise<Told> {
  const { error } = await send(client, request);
  assert.equal(error?.code, Status.INTERNAL);
  return toldIn(error.metadata.get("grpc-status-details-bin")[0]);
}

function askStream(client: Client): Promise<Told> {
  const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  const rpc = client.makeBidiStreamRequest(`${EVALUATE}Stream`, same, same);
  rpc.end(new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(request).finish());
  return new Promise((resolve, reject) => {
    rpc.on("error", reject);
    rpc.on("data", (bytes: Uint8Array) => {
      const reader = new BinaryReader(bytes);
      const [field] = reader.tag();
      assert.equal(field, 3);
      resolve(toldIn(reader.bytes()));
    });
  });
}

test("without a defect the same call is answered", async (t) => {
  const { client } = await serve(
    t,
    createHandlerOver(() => Promise.resolve(answer)),
  );
  assert.equal((await send(client, request)).error, undefined);
});

for (const [stage, call, started] of STAGES) {
  for (const http2 of HTTP2) {
    test(`${stage} (${http2})`, async (t) => {
      const { client, address } = await serve(t, call, {}, http2);
      // What is compressed is forwarded to grpc-js.
      const gzip = new Client(address, credentials.createInsecure(), {
        "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
      });
      t.after(() => gzip.close());
      for (const one of [client, gzip]) {
        for (const told of [await askUnary(one), await askStream(one)]) {
          assert.deepEqual(
            [told.status, told.reason, told.started],
            [Status.INTERNAL, "INTERNAL", String(started)],
          );
          assert.doesNotMatch(told.text, /secret|machine|TypeError/);
        }
      }
    });
  }
}
