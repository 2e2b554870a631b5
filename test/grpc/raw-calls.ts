/** Calls of the sample service as bytes, and HTTP/2 requests that no gRPC client would send. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { createOracle } from "./es-oracle.js";
import { EVALUATE, type Harness } from "./grpc-harness.js";

const { request, response } = sampleService().operation;
const oracle = createOracle(sampleService());
export const EMPTY = new Uint8Array();

export function requestFor(strategy: string): Uint8Array {
  const parameters: Struct = Object.assign(newStruct(), { strategy });
  return oracle.encode(request, Object.assign(newStruct(), { parameters }));
}

export function decisionIn(reply: Uint8Array | undefined): Value | undefined {
  assert.ok(reply !== undefined);
  const result = oracle.decode(response, reply)["result"];
  assert.ok(isStruct(result));
  return result["decision"];
}

/** The text that `requestFor()` put into a request. */
export function strategyIn(inputs: Struct): string {
  const parameters = inputs["parameters"];
  assert.ok(isStruct(parameters) && typeof parameters["strategy"] === "string");
  return parameters["strategy"];
}

export interface RawReply {
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A raw HTTP/2 request, for what a gRPC client would not send. */
export async function raw(
  harness: Harness,
  headers: http2.OutgoingHttpHeaders,
  body: Uint8Array,
): Promise<RawReply> {
  const session = http2.connect(`http://${harness.address}`);
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": EVALUATE,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    let received: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on("response", (got) => (received = got));
    stream.on("trailers", (got: http2.IncomingHttpHeaders) => (trailers = got));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.end(body);
    await once(stream, "close");
    return { headers: received, trailers, body: Buffer.concat(chunks) };
  } finally {
    session.close();
  }
}

export function frame(bytes: Uint8Array, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
