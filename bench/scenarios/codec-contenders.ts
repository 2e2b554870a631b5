/** Who reads requests and writes replies, as functions that do it once. */
import { WSDL } from "soap";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { compileInputsEncoder } from "../../src/call/encode-inputs.js";
import { compileTwoEnds } from "../../src/call/two-ends.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { createBinding } from "../../src/soap/binding.js";
import { createEncoders } from "../../src/soap/encode.js";
import { createRequestReader } from "../../src/soap/read-request.js";
import { KEEPS_VALUES } from "../peers/soap-package-options.js";
import type { CodecMessages } from "./codec-messages.js";

/** Reads the request and writes the reply once; what is left to prepare has been prepared. */
export type Codec = () => void;

const HEAD = { contentType: "text/xml; charset=utf-8", action: "" };

/**
 * The gateway: the bytes of a request to the pickle that Python gets, and the pickle of a result to the bytes of a
 * reply, with every check of either.
 * @param prologue what a request begins with behind its envelope's start tag
 * @throws Error when the inputs are not those that were sent, or the schema forbids the reply
 */
export async function gatewayCodec(messages: CodecMessages, prologue = ""): Promise<Codec> {
  const { service, wsdl, schema, inputs, result } = messages;
  const text = messages.request.toString().replace("<soapenv:Body>", `${prologue}<soapenv:Body>`);
  const request = Buffer.from(text);
  const binding = await createBinding(service, wsdl);
  const read = createRequestReader({ service, limits: DEFAULT_LIMITS, kinds: [] });
  const encode = createEncoders(service, DEFAULT_LIMITS.maxMessageBytes);
  const ends = compileTwoEnds(service, DEFAULT_LIMITS);
  const { name } = service.operation;
  const decodeOnce = (): Uint8Array => ends.prepare(read(request, HEAD).inputs).inputs;
  const encodeOnce = (): string => encode(ends.finish(result), name);

  const expected = compileInputsEncoder(service.operation.request)(inputs);
  if (!expected.equals(decodeOnce())) throw new Error("The gateway reads something else than was sent.");
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema));
  validator.validate(XmlDocument.fromString(encodeOnce()));
  return () => {
    decodeOnce();
    Buffer.from(binding.wrap(encodeOnce()));
  };
}

/** A comment is beyond the quick reader: what has one is read by the complete reader. */
export function completeReaderCodec(messages: CodecMessages): Promise<Codec> {
  return gatewayCodec(messages, "<!-- -->");
}

/**
 * The `soap` package: text to objects and the same objects to text, without an envelope and without validation.
 * @throws Error when it does not read as many rows as were sent
 */
export async function soapPackageCodec({ service, wsdl, request }: CodecMessages): Promise<Codec> {
  const definition = new WSDL(wsdl, "", KEEPS_VALUES);
  await new Promise<void>((resolve, reject) => {
    definition.onReady((error: Error | null | undefined) => (error ? reject(error) : resolve()));
  });
  const { operation, namespace } = service;
  const [table] = operation.request.fields;
  const once = (): string => {
    const { Body } = definition.xmlToObject(request.toString()) as {
      Body: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const answer = { result: Body[operation.name]?.[table?.xmlName ?? ""] };
    return String(definition.objectToDocumentXML(operation.response.name, answer, "tns", namespace));
  };
  const count = (text: string): number => text.split("row>").length;
  if (count(once()) !== count(request.toString())) throw new Error("The package loses rows.");
  return () => void Buffer.from(once());
}

/** libxml2 compiled to WebAssembly: a document is parsed and validated; it gives no values, and writes none. */
export function libxml2Codec({ schema, payload }: CodecMessages): Codec {
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema));
  return () => {
    const document = XmlDocument.fromBuffer(payload);
    try {
      validator.validate(document);
    } finally {
      document.dispose();
    }
  };
}
