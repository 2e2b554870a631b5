/** A gRPC face behind a real listening socket, and a client that sends raw message bytes to it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { Client, Metadata, credentials, type CallOptions, type ServiceError } from "@grpc/grpc-js";
import { createBodyBudget, type BodyBudget } from "../../src/body-budget.js";
import type { CallContext, CallHandler } from "../../src/call/call.js";
import type { Gone } from "../../src/call/gone.js";
import { createGrpcServer, type GrpcFace } from "../../src/grpc/server.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import { newStruct, type Struct, type Value } from "../../src/values.js";
import { NO_OFFLOAD } from "../support/no-offload.js";
import { sampleService } from "../support/sample-service.js";

export const EVALUATE = "/sample_decision.v1.SampleDecisionService/Evaluate";

export interface Harness {
  readonly face: GrpcFace;
  readonly address: string;
  readonly port: number;
  readonly client: Client;
  /** What is held of requests that are arriving. */
  readonly bodies: BodyBudget;
  /** The server's ends of the connections. */
  readonly sockets: readonly Socket[];
}

export const FACTS = {
  artifact: "sample",
  artifactVersion: "1.2",
  artifactDigest: "sha256:a",
  contractHash: "sha256:c",
  gatewayVersion: "0.0.0",
};

/** Who speaks HTTP/2. What callers see of the gateway is the same. */
export const HTTP2 = ["own", "node"] as const;

/** Serves the sample service with this handler until the test ends. */
export async function serve(
  t: TestContext,
  call: CallHandler,
  limits: Partial<Limits> = {},
  http2: (typeof HTTP2)[number] = "own",
): Promise<Harness> {
  const whole = { ...DEFAULT_LIMITS, ...limits };
  const bodies = createBodyBudget(whole.maxReceivingBytes);
  const face = createGrpcServer({
    entries: [{ service: sampleService(), call, facts: FACTS, slots: () => 1 }],
    limits: whole,
    bodies,
    offload: NO_OFFLOAD,
    http2,
    onDefect: (error) => assert.fail(String(error)),
  });
  const sockets: Socket[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket);
    face.injectConnection(socket);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  const client = new Client(address, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  t.after(async () => {
    client.close();
    listener.close();
    await face.drain(0);
  });
  return { face, address, port, client, bodies, sockets };
}

/** A handler that decodes, lets `work` make the result, and encodes it. */
export function handler(work: (inputs: Struct, context: CallContext) => Value | Promise<Value>): CallHandler {
  return async (context, codec) => codec.encode(await work(await codec.decode(), context));
}

/** Answers every call with `decision: "approve"`. */
export const approve: CallHandler = handler(() => decision("approve"));

export function decision(text: string): Value {
  return Object.assign(newStruct(), { decision: text });
}

export interface Outcome {
  readonly error: ServiceError | undefined;
  readonly reply: Buffer | undefined;
  readonly headers: Metadata | undefined;
}

export interface CallParts {
  readonly path?: string;
  readonly metadata?: Record<string, string>;
  readonly options?: CallOptions;
  /** Gets the way to cancel the call. */
  readonly cancel?: (cancel: () => void) => void;
}

/** One unary call; never rejects. */
export function send(client: Client, request: Uint8Array, parts: CallParts = {}): Promise<Outcome> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(parts.metadata ?? {})) metadata.set(key, value);
  return new Promise((resolve) => {
    let headers: Metadata | undefined;
    const rpc = client.makeUnaryRequest(
      parts.path ?? EVALUATE,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes: Buffer) => bytes,
      request,
      metadata,
      parts.options ?? {},
      (error, reply) => resolve({ error: error ?? undefined, reply, headers }),
    );
    rpc.on("metadata", (received: Metadata) => {
      headers = received;
    });
    parts.cancel?.(() => rpc.cancel());
  });
}

/** A promise and its way out. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Resolves when the caller of a call has gone. */
export function departed(signal: Gone): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", resolve));
}
