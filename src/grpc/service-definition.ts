/** Service definitions for grpc-js: of the generated service, and of the standard ones that stand beside it. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMethod, DescService, MessageShape } from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";
import type { Service } from "../contract/model.js";
import { descriptorSetBytes } from "../proto/descriptor.js";

/** `credit_decision.v1.CreditDecisionService`. */
export function serviceFullName(service: Pick<Service, "protoPackage" | "name">): string {
  return `${service.protoPackage}.${service.name}`;
}

/**
 * The generated service as proto-loader defines it, with messages left as bytes: its codecs clip broken strings and
 * wrap integers that are too large, so ours run inside the handler instead.
 */
export function generatedDefinition(service: Service): ServiceDefinition {
  const loaded = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSetBytes(service)));
  const definition = loaded[serviceFullName(service)];
  if (definition === undefined || "format" in definition) {
    throw new TypeError(`The descriptors define no service ${serviceFullName(service)}.`);
  }
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]): [string, MethodDefinition<Uint8Array, Uint8Array>] => {
      const { path, requestStream, responseStream } = method;
      return [name, { path, requestStream, responseStream, ...BYTES }];
    }),
  );
}

const BYTES = {
  requestSerialize: toBuffer,
  requestDeserialize: (bytes: Buffer): Uint8Array => bytes,
  responseSerialize: toBuffer,
  responseDeserialize: (bytes: Buffer): Uint8Array => bytes,
};

/** A standard service from its generated descriptor; its messages are plain and need no exactness of ours. */
export function standardDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.name, standardMethod(service, method)]));
}

/** A unary method of a standard service with its messages left as bytes. */
export function bytesMethod(
  service: Pick<DescService, "typeName">,
  name: string,
): MethodDefinition<Uint8Array, Uint8Array> {
  const path = `/${service.typeName}/${name}`;
  return { path, requestStream: false, responseStream: false, ...BYTES };
}

type AnyMessage = MessageShape<DescMethod["input"]>;

function standardMethod(service: DescService, method: DescMethod): MethodDefinition<AnyMessage, AnyMessage> {
  const { input, output, methodKind } = method;
  return {
    path: `/${service.typeName}/${method.name}`,
    requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    requestSerialize: (message) => toBuffer(toBinary(input, message)),
    // What a caller sends beyond the message is not kept: two bytes of it would become an object.
    requestDeserialize: (bytes) => fromBinary(input, bytes, { readUnknownFields: false }),
    responseSerialize: (message) => toBuffer(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}

/** The same bytes as a `Buffer`, which grpc-js wants; nothing is copied. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
