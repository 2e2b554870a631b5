/** A SOAP 1.1 client over plain HTTP that knows the contract's names and nothing of the gateway's own XML code. */
import { XmlDocument, XmlElement } from "libxml2-wasm";
import type { FieldType, Message, Service } from "../../src/contract/model.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { eachField, listOf, objectOf, textOf, unsupported, type Json } from "./json-of-type.js";

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

export interface SoapReply {
  readonly status: number;
  readonly text: string;
}

/** The request envelope for sample JSON. */
export function soapRequest(service: Service, inputs: Json): string {
  const { name, request } = service.operation;
  const body = `<m:${name}>${fieldsXml(request, inputs)}</m:${name}>`;
  return `<e:Envelope xmlns:e="${ENVELOPE}" xmlns:m="${service.namespace}"><e:Body>${body}</e:Body></e:Envelope>`;
}

/** Posts an envelope as a SOAP 1.1 client does. */
export async function postSoap(base: string, service: Service, envelope: string): Promise<SoapReply> {
  const response = await fetch(base + soapVersionPath(service, "1.1"), {
    method: "POST",
    headers: {
      "Content-Type": "text/xml; charset=utf-8",
      SOAPAction: `"${service.namespace}:${service.operation.name}"`,
    },
    body: envelope,
  });
  return { status: response.status, text: await response.text() };
}

/** The result of a reply envelope, as JSON by the contract's own names. */
export function soapResult(service: Service, text: string): Json {
  const document = XmlDocument.fromString(text);
  try {
    const { response } = service.operation;
    const path = `/e:Envelope/e:Body/m:${response.name}/m:result`;
    const result = document.get(path, { e: ENVELOPE, m: service.namespace });
    if (!(result instanceof XmlElement)) throw new Error(`no result in ${text}`);
    return read(response.fields[0].type, result);
  } finally {
    document.dispose();
  }
}

function fieldsXml(message: Message, json: Json): string {
  return eachField(message, json, (field, member) => element(field.xmlName, write(field.type, member))).join(
    "",
  );
}

function element(name: string, content: string): string {
  return `<m:${name}>${content}</m:${name}>`;
}

function write(type: FieldType, json: Json): string {
  switch (type.kind) {
    case "array":
      return listOf(json)
        .map((item) => element(type.itemName, write(type.items, item)))
        .join("");
    case "map":
      return Object.entries(objectOf(json))
        .map(([key, value]) =>
          element("entry", element("key", escape(key)) + element("value", write(type.value, value))),
        )
        .join("");
    case "struct":
      return fieldsXml(type.message, json);
    default:
      return escape(textOf(json));
  }
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function children(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next)
    if (node instanceof XmlElement) found.push(node);
  return found;
}

function read(type: FieldType, node: XmlElement): Json {
  switch (type.kind) {
    case "string":
    case "decimal":
    case "date":
      return node.content;
    case "datetime":
      return node.content.replace(/Z$/, "");
    case "boolean":
      return node.content === "true";
    case "double":
    case "integer":
      return Number(node.content);
    case "array":
      return children(node).map((item) => read(type.items, item));
    case "map":
      return Object.fromEntries(
        children(node).map((entry) => {
          const [key, value] = children(entry);
          if (key === undefined || value === undefined) throw new Error("an entry without key or value");
          return [key.content, read(type.value, value)];
        }),
      );
    case "struct": {
      const byName = new Map(children(node).map((child) => [child.name, child]));
      return Object.fromEntries(
        type.message.fields.flatMap((field) => {
          const child = byName.get(field.xmlName);
          return child === undefined ? [] : [[field.source, read(field.type, child)]];
        }),
      );
    }
    case "dynamic":
      return unsupported(type);
  }
}
