/** The sample messages of a contract, one file for each protocol and direction. Pure: equal contracts give equal bytes. */
import type { Service } from "../contract/model.js";
import { SOAP_VERSIONS, soapOperations, type SoapVersion } from "../contract/soap-names.js";
import { encodeJson } from "../json/encode.js";
import { protoPath } from "../proto/generate-proto.js";
import type { Value } from "../values.js";
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
  const { request, response } = service.operation;
  const inputs = sampleRecord(request);
  const reply = sampleRecord(response);
  const name = (suffix: string): string => `samples/${service.alias}.v${service.major}.${suffix}`;
  return [
    ...SOAP_VERSIONS.flatMap((version) => soapSamples(service, version)).map(({ path, content }) => ({
      path: name(path),
      content,
    })),
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

const SOAP_NAMES = { "1.1": "soap", "1.2": "soap12" } as const satisfies Record<SoapVersion, string>;

/** A request and an answer for each operation: `soap-request.xml`, `soap-one-request.xml`. */
function soapSamples(service: Service, version: SoapVersion): readonly SampleFile[] {
  const [result] = service.operation.response.fields;
  const answer = sampleRecord(service.operation.response)[result.source] ?? null;
  return soapOperations(service).flatMap((operation) => {
    const name = SOAP_NAMES[version] + (operation === service.single ? "-one" : "");
    const options = { service, operation, version };
    return [
      { path: `${name}-request.xml`, content: soapRequest(options, sampleRecord(operation.request)) },
      { path: `${name}-response.xml`, content: soapResponse(options, answer) },
    ];
  });
}

function json(value: Value): string {
  return `${encodeJson(value, "  ")}\n`;
}

/** The header by which tools find the type of a text (protobuf.dev, "Text Format", header). */
function head(service: Service, messageName: string): string {
  return `# proto-file: ${protoPath(service)}\n# proto-message: ${service.protoPackage}.${messageName}\n\n`;
}
