/** `GetMetadata`: which artifact answers, and how much can be asked of it. */
import { createFileRegistry, fromJson, toBinary, type JsonObject } from "@bufbuild/protobuf";
import type { handleUnaryCall } from "@grpc/grpc-js";
import type { Field, Service } from "../contract/model.js";
import type { Limits } from "../limits.js";
import { buildDescriptorSet } from "../proto/descriptor.js";

/** What a caller can know of what answers it, beside the contract. */
export interface ServiceFacts {
  /** Name of the artifact. */
  readonly artifact: string;
  /** As its metadata says; absent when they do not. */
  readonly artifactVersion: string | undefined;
  /** `sha256:…` over the files of the artifact. */
  readonly artifactDigest: string;
  /** `sha256:…` over everything that callers depend on. */
  readonly contractHash: string;
  readonly gatewayVersion: string;
}

export interface MetadataOptions {
  readonly service: Service;
  readonly facts: ServiceFacts;
  readonly limits: Limits;
  /** Calls that can run at once. */
  readonly slots: () => number;
}

export function createMetadataHandler(options: MetadataOptions): handleUnaryCall<Uint8Array, Uint8Array> {
  const encode = compileAnswer(options);
  return (_call, callback) => callback(null, encode());
}

function compileAnswer({ service, facts, limits, slots }: MetadataOptions): () => Uint8Array {
  const { artifact, artifactVersion, artifactDigest, contractHash, gatewayVersion } = facts;
  const type = createFileRegistry(buildDescriptorSet(service)).getMessage(
    `${service.protoPackage}.GetMetadataResponse`,
  );
  if (type === undefined) throw new TypeError("The descriptors define no GetMetadataResponse.");
  const { maxMessageBytes, defaultTimeoutMs, maxTimeoutMs } = limits;
  const constant: JsonObject = {
    artifact,
    ...(artifactVersion === undefined ? {} : { artifactVersion }),
    artifactDigest,
    contractMajor: service.major,
    contractHash,
    gatewayVersion,
    tables: service.operation.request.fields.filter(({ role }) => role === "table").map(describeTable),
  };
  return () => {
    const answer = {
      ...constant,
      limits: { maxMessageBytes, defaultTimeoutMs, maxTimeoutMs, maxConcurrentCalls: slots() },
    };
    return toBinary(type, fromJson(type, answer));
  };
}

function describeTable({ protoName, source, required, type }: Field): JsonObject {
  const rows = type.kind === "array" ? type : undefined;
  const columns = rows?.items.kind === "struct" ? rows.items.message.fields : [];
  return {
    name: protoName,
    source,
    required,
    ...(rows === undefined ? {} : { maxRows: rows.maxItems }),
    columns: columns.map((column) => column.protoName),
  };
}
