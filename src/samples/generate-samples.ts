/** The sample messages of a contract, one file for each protocol and direction. Pure: equal contracts give equal bytes. */
import type { Operation, Service, SingleOperation } from "../contract/model.js";
import { encodeJson } from "../json/encode.js";
import { protoPath } from "../proto/generate-proto.js";
import type { Struct, Value } from "../values.js";
import { toProtoJson } from "./proto-json.js";
import { toProtoText } from "./proto-text.js";
import { sampleRecord } from "./sample-values.js";
import { soapRequest, soapResponse } from "./soap-messages.js";

export interface SampleFile {
  /** Relative, with `/`: `samples/credit_decision.v1.soap-request.xml`. */
  readonly path: string;
  readonly content: string;
}

/** Every sample of a service, in a stable order. */
export function generateSamples(service: Service): readonly SampleFile[] {
  const { operation, single } = service;
  const { request, response } = operation;
  const inputs = sampleRecord(request);
  const reply = sampleRecord(response);
  const name = (suffix: string): string => `samples/${service.alias}.v${service.major}.${suffix}`;
  return [
    ...soapSamples(service, operation, inputs, reply, name("soap")),
    ...(single === undefined
      ? []
      : soapSamples(
          service,
          single,
          sampleRecord(single.request),
          sampleRecord(single.response),
          name("soap-one"),
        )),
    { path: name("json-request.json"), content: json(inputs) },
    { path: name("json-response.json"), content: json(reply) },
    { path: name("grpc-request.json"), content: json(toProtoJson(request, inputs)) },
    { path: name("grpc-response.json"), content: json(toProtoJson(response, reply)) },
    {
      path: name("grpc-request.txtpb"),
      content: head(service, request.name) + toProtoText(request, inputs),
    },
    {
      path: name("grpc-response.txtpb"),
      content: head(service, response.name) + toProtoText(response, reply),
    },
  ];
}

function soapSamples(
  service: Service,
  operation: Operation | SingleOperation,
  inputs: Struct,
  reply: Struct,
  name: string,
): readonly SampleFile[] {
  const [result] = operation.response.fields;
  return [
    { path: `${name}-request.xml`, content: soapRequest(service, operation, inputs) },
    {
      path: `${name}-response.xml`,
      content: soapResponse(service, operation, reply[result.source] ?? null),
    },
  ];
}

function json(value: Value): string {
  return `${encodeJson(value, "  ")}\n`;
}

/** The header by which tools find the type of a text (protobuf.dev, "Text Format", header). */
function head(service: Service, messageName: string): string {
  return `# proto-file: ${protoPath(service)}\n# proto-message: ${service.protoPackage}.${messageName}\n\n`;
}
