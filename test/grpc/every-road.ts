/** One call by every road there is: SOAP 1.1 and 1.2, JSON over both versions of HTTP, gRPC unary and as an item of a stream, by our own HTTP/2 and by grpc-js. */
import assert from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import type { IncomingHttpHeaders } from "node:http";
import { Client, compressionAlgorithms, credentials, type Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Service } from "../../src/contract/model.js";
import { jsonPath } from "../../src/contract/json-path.js";
import { soapAction, soapVersionPath, type SoapVersion } from "../../src/contract/soap-names.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";
import type { Code } from "../../src/errors.js";
import { PROBLEM_STATUSES } from "../../src/json/problem-statuses.js";
import type { Struct } from "../../src/values.js";
import { ask, connectHttp2 } from "../support/http2-client.js";
import type { Json } from "../support/json-of-type.js";
import { ENVELOPES, MEDIA_TYPES } from "../support/messages/exchange.js";
import { soapRequest } from "../support/soap-client.js";
import { createOracle } from "./es-oracle.js";

/** The same request as JSON for SOAP, and as values for gRPC. */
export interface Asked {
  readonly json: Json;
  readonly inputs: Struct;
}

/** What the caller of a failed call is told. */
export interface Told {
  readonly code: string;
  /** Without what is wrong with which value, and without whether `main()` had begun. */
  readonly message: string;
  /** Of the first violation. */
  readonly path: string | undefined;
  readonly started: boolean;
  /** Whether it is said when to come back. */
  readonly comeBack: boolean;
  readonly requestId: string | undefined;
  /** Everything that was sent back, as text. */
  readonly everything: string;
  /** Of gRPC alone. */
  readonly status?: number;
}

export const ROADS = [
  "SOAP 1.1",
  "SOAP 1.2",
  "JSON",
  "JSON over HTTP/2",
  "gRPC",
  "gRPC by grpc-js",
  "stream",
  "stream by grpc-js",
] as const;
export type Road = (typeof ROADS)[number];

/**
 * @param deadlineMs of the caller, for gRPC; absent: none
 * @returns how the call failed, or that it did not
 */
export type Ask = (asked: Asked, deadlineMs?: number) => Promise<Told | "answered">;

export interface Roads {
  readonly ask: Readonly<Record<Road, Ask>>;
  readonly close: () => void;
}

/** @param address `127.0.0.1:port` of the gateway */
export function openRoads(address: string, service: Service): Roads {
  const own = new Client(address, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  // What is compressed is forwarded to grpc-js.
  const compressed = {
    "grpc.enable_retries": 0,
    "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
  };
  const forwarded = new Client(address, credentials.createInsecure(), compressed);
  return {
    ask: {
      "SOAP 1.1": (asked) => askSoap(address, service, "1.1", asked),
      "SOAP 1.2": (asked) => askSoap(address, service, "1.2", asked),
      JSON: (asked) => askJson(address, service, asked),
      "JSON over HTTP/2": (asked) => askJsonOverHttp2(address, service, asked),
      gRPC: (asked, deadlineMs) => askUnary(own, service, asked, deadlineMs),
      "gRPC by grpc-js": (asked) => askUnary(forwarded, service, asked),
      stream: (asked) => askStream(own, service, asked),
      "stream by grpc-js": (asked) => askStream(forwarded, service, asked),
    },
    close() {
      own.close();
      forwarded.close();
    },
  };
}

async function askSoap(
  address: string,
  service: Service,
  version: SoapVersion,
  { json }: Asked,
): Promise<Told | "answered"> {
  const action = soapAction(service);
  const type = `${MEDIA_TYPES[version]}; charset=utf-8`;
  const response = await fetch(`http://${address}${soapVersionPath(service, version)}`, {
    method: "POST",
    headers:
      version === "1.1"
        ? { "Content-Type": type, SOAPAction: `"${action}"` }
        : { "Content-Type": `${type}; action="${action}"` },
    body: soapRequest(service, json).replaceAll(ENVELOPES["1.1"], ENVELOPES[version]),
  });
  const text = await response.text();
  if (response.status === 200) return "answered";
  const part = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const code = part("code") ?? assert.fail(text);
  const message = part("message") ?? "";
  const begun = " The decision had been started.";
  return {
    code,
    message: message.replace(begun, ""),
    path: part("path"),
    // An artifact that failed has been started.
    started: message.endsWith(begun) || code === "artifact_error",
    comeBack: response.headers.has("retry-after"),
    requestId: part("requestId"),
    everything: text,
  };
}

async function askJson(address: string, service: Service, { json }: Asked): Promise<Told | "answered"> {
  const response = await fetch(`http://${address}${jsonPath(service)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(json),
  });
  const headers = Object.fromEntries(response.headers);
  return toldInProblem(response.status, headers, await response.text());
}

async function askJsonOverHttp2(
  address: string,
  service: Service,
  { json }: Asked,
): Promise<Told | "answered"> {
  const session = await connectHttp2(`http://${address}`);
  try {
    const { status, headers, body } = await ask(session, service, {
      method: "POST",
      path: jsonPath(service),
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    });
    return toldInProblem(status, headers, body.toString());
  } finally {
    session.destroy();
  }
}

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Code;
  readonly requestId: string;
  readonly started: boolean;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
}

function toldInProblem(status: number, headers: IncomingHttpHeaders, text: string): Told | "answered" {
  if (status === 200) return "answered";
  assert.equal(headers["content-type"], "application/problem+json", text);
  const { type, code, detail, started, requestId, violations, ...rest } = JSON.parse(text) as Problem;
  assert.equal(type, `urn:artifact-gateway:problem:${code}`);
  assert.deepEqual([rest.status, status], [status, PROBLEM_STATUSES[code].status]);
  assert.equal(headers["x-request-id"], requestId);
  return {
    code,
    message: detail,
    path: violations?.[0]?.path,
    started,
    comeBack: headers["retry-after"] !== undefined,
    requestId,
    everything: text,
  };
}

const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

function encodeRequest(service: Service, { inputs }: Asked): Uint8Array {
  return createOracle(service).encode(service.operation.request, inputs);
}

function methodPath({ protoPackage, name, operation }: Service): string {
  return `/${protoPackage}.${name}/${operation.name}`;
}

function askUnary(
  client: Client,
  service: Service,
  asked: Asked,
  deadlineMs?: number,
): Promise<Told | "answered"> {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  const bytes = encodeRequest(service, asked);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(methodPath(service), same, same, bytes, options, (error) => {
      // What is thrown here would be thrown at nobody.
      Promise.resolve(error)
        .then((failed) => (failed === null ? "answered" : toldIn(failed)))
        .then(resolve, reject);
    });
  });
}

function toldIn({ code, details, metadata }: ServiceError): Told {
  const bytes = metadata.get("grpc-status-details-bin")[0];
  assert.ok(bytes instanceof Buffer, `no details with ${code} ${details}`);
  const told = readStatus(bytes);
  assert.equal(told.status, code);
  assert.equal(metadata.get("grpc-retry-pushback-ms").length, told.comeBack ? 1 : 0);
  assert.deepEqual(requestIdsIn(metadata), [told.requestId]);
  return { ...told, everything: `${told.everything} ${details} ${JSON.stringify(metadata.toJSON())}` };
}

function requestIdsIn(metadata: Metadata): readonly string[] {
  return metadata.get("x-request-id").map(String);
}

function askStream(client: Client, service: Service, asked: Asked): Promise<Told | "answered"> {
  const rpc = client.makeBidiStreamRequest(`${methodPath(service)}Stream`, same, same);
  const item = new BinaryWriter().tag(1, WireType.LengthDelimited).string("one");
  rpc.end(item.tag(2, WireType.LengthDelimited).bytes(encodeRequest(service, asked)).finish());
  return new Promise((resolve, reject) => {
    rpc.on("error", reject);
    rpc.on("data", (answer: Uint8Array) => {
      const reader = new BinaryReader(answer);
      let told: Told | "answered" = "answered";
      while (reader.pos < reader.len) {
        const [field] = reader.tag();
        const content = reader.bytes();
        if (field === 1) assert.equal(Buffer.from(content).toString(), "one");
        if (field === 3) told = readStatus(content);
      }
      resolve(told);
    });
  });
}

function readStatus(bytes: Uint8Array): Told {
  assert.ok(bytes.length <= 4096, `${bytes.length} bytes of details`);
  const { code, message, details } = fromBinary(StatusSchema, bytes);
  assert.ok(Buffer.byteLength(message) <= 1024, message);
  const found = <T>(unpacked: readonly (T | undefined)[]): T | undefined =>
    unpacked.find((one) => one !== undefined);
  const info =
    found(details.map((detail) => anyUnpack(detail, ErrorInfoSchema))) ?? assert.fail("no ErrorInfo");
  const bad = found(details.map((detail) => anyUnpack(detail, BadRequestSchema)));
  const retry = found(details.map((detail) => anyUnpack(detail, RetryInfoSchema)));
  assert.equal(info.domain, "artifact-gateway");
  return {
    code: info.reason.toLowerCase(),
    message,
    path: bad?.fieldViolations[0]?.field,
    started: info.metadata["started"] === "true",
    comeBack: retry !== undefined,
    requestId: info.metadata["request_id"],
    everything: `${message} ${JSON.stringify(bad)} ${JSON.stringify(info)}`,
    status: code,
  };
}
