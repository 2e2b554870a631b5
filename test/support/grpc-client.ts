/** A gRPC client over grpc-js with protobufjs' own codecs, made from the generated `.proto` text alone. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ChannelCredentials,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import { contractFiles } from "../../src/contract-files.js";
import type { FieldType, Message, Service } from "../../src/contract/model.js";
import {
  eachField,
  listOf,
  memberOf,
  objectOf,
  textOf,
  unsupported,
  type Json,
  type JsonObject,
} from "./json-of-type.js";

export interface GrpcClient {
  /** @throws ServiceError */
  readonly evaluate: (inputs: Json, metadata?: Record<string, string>) => Promise<Json>;
  readonly close: () => void;
}

export interface GrpcOptions {
  /** Whether it has a connection of its own; clients of the same address share one otherwise. */
  readonly unshared?: boolean;
  /** Whether it sends its requests with gzip. */
  readonly compressed?: boolean;
}

/** @param security absent: clear text */
export function connectGrpc(
  address: string,
  service: Service,
  security: ChannelCredentials = credentials.createInsecure(),
  { unshared = false, compressed = false }: GrpcOptions = {},
): GrpcClient {
  const folder = mkdtempSync(join(tmpdir(), "grpc-client-"));
  const definition = ((): ServiceDefinition => {
    try {
      return loadService(folder, service);
    } finally {
      rmSync(folder, { recursive: true });
    }
  })();
  const method = definition[service.operation.name];
  if (method === undefined) throw new Error(`no ${service.operation.name} in the generated proto`);
  const client = new Client(address, security, {
    "grpc.use_local_subchannel_pool": unshared ? 1 : 0,
    ...(compressed ? { "grpc.default_compression_algorithm": compressionAlgorithms.gzip } : {}),
  });
  const [result] = service.operation.response.fields;
  return {
    evaluate: (inputs, metadata = {}) =>
      new Promise((resolve, reject) => {
        const sent = new Metadata();
        for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
        client.makeUnaryRequest(
          method.path,
          method.requestSerialize as (message: object) => Buffer,
          method.responseDeserialize as (bytes: Buffer) => JsonObject,
          writeMessage(service.operation.request, inputs),
          sent,
          (error: ServiceError | null, reply?: JsonObject) => {
            if (error !== null || reply === undefined) reject(error ?? new Error("no reply"));
            else resolve(read(result.type, memberOf(reply, "result") ?? []));
          },
        );
      }),
    close: () => client.close(),
  };
}

function loadService(folder: string, service: Service): ServiceDefinition {
  const files = contractFiles(service).filter(({ path }) => path.endsWith(".proto"));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const [main] = files;
  const loaded = loadSync(join(folder, main?.path ?? ""), {
    includeDirs: [join(folder, "proto")],
    keepCase: true,
    longs: String,
    arrays: true,
  });
  return loaded[`${service.protoPackage}.${service.name}`] as ServiceDefinition;
}

function writeMessage(message: Message, json: Json): JsonObject {
  return Object.fromEntries(
    eachField(message, json, (field, member) => [field.protoName, write(field.type, member)] as const),
  );
}

function write(type: FieldType, json: Json): Json {
  switch (type.kind) {
    case "array":
      return listOf(json).map((item) => write(type.items, item));
    case "map":
      return Object.fromEntries(
        Object.entries(objectOf(json)).map(([key, value]) => [key, write(type.value, value)]),
      );
    case "struct":
      return writeMessage(type.message, json);
    case "decimal":
      return { value: textOf(json) };
    case "date": {
      const [year = 0, month = 0, day = 0] = textOf(json).split("-").map(Number);
      return { year, month, day };
    }
    case "datetime": {
      const [whole = "", fraction = ""] = textOf(json).split(".");
      return { seconds: String(Date.parse(`${whole}Z`) / 1000), nanos: Number(fraction.padEnd(9, "0")) };
    }
    default:
      return json;
  }
}

function read(type: FieldType, json: Json): Json {
  switch (type.kind) {
    case "array":
      return listOf(json).map((item) => read(type.items, item));
    case "map":
      return Object.fromEntries(
        Object.entries(objectOf(json)).map(([key, value]) => [key, read(type.value, value)]),
      );
    case "struct":
      return Object.fromEntries(
        type.message.fields.flatMap((field) => {
          const member = memberOf(json, field.protoName);
          return member === undefined ? [] : [[field.source, read(field.type, member)]];
        }),
      );
    case "integer":
      return Number(json);
    case "decimal":
      return memberOf(json, "value") ?? "0";
    case "date": {
      const part = (name: string, digits: number): string =>
        textOf(memberOf(json, name) ?? 0).padStart(digits, "0");
      return `${part("year", 4)}-${part("month", 2)}-${part("day", 2)}`;
    }
    case "datetime": {
      const seconds = new Date(Number(memberOf(json, "seconds") ?? 0) * 1000).toISOString().slice(0, 19);
      const nanos = Number(memberOf(json, "nanos") ?? 0);
      return nanos === 0 ? seconds : `${seconds}.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
    }
    case "dynamic":
      return unsupported(type);
    default:
      return json;
  }
}
