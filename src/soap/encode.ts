/** A checked result to the payload of the reply: the mirror of `decode.ts`. */
import type { FieldType, MapType, Message, Service } from "../contract/model.js";
import type { SoapOperation } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";
import { compileElement, escapeText, isXmlText } from "../xml-printer.js";
import { isStruct, type Value } from "../values.js";
import { printJson } from "../dynamic-json.js";
import { compileRowUnwrapper } from "./one-row.js";
import { scalarOf } from "./scalars.js";

/** Prints what stands inside an element of one type. `path` names the value, should it not be printable. */
type Printer = (value: Value, path: string) => string;

/** Turns the value of the response's only field into the response element, as XML text. */
export type Encoder = (result: Value) => string;

/**
 * Compiles the encoder of an operation's response, once. Absent and null fields of records are left out; a date and time gets a
 * `Z`; a double gets the shortest text that reads back as the same number, without an exponent where its digits are bounded.
 * @param maxBytes largest payload in bytes of UTF-8
 * @returns a function that throws GatewayError `output_invalid` for a value that is not of its type, that XML cannot carry or
 * that makes the payload too long
 */
export function createEncoder(
  service: Service,
  maxBytes: number,
  operation: SoapOperation = service.operation,
): Encoder {
  const [field] = operation.response.fields;
  const print = compilePrinter(field.type);
  const resultElement = compileElement(field.xmlName);
  const payloadElement = compileElement(operation.response.name, { xmlns: service.namespace });
  const unwrapRow = compileRowUnwrapper(service, operation);
  return (returned) => {
    const payload = payloadElement(resultElement(print(unwrapRow(returned), field.source)));
    if (Buffer.byteLength(payload, "utf8") > maxBytes) {
      throw new GatewayError("output_invalid", `The result is larger than ${maxBytes} bytes.`, {
        started: true,
      });
    }
    return payload;
  };
}

/** Compiles the encoders of all operations of a service, chosen by the operation's name. */
export function createEncoders(
  service: Service,
  maxBytes: number,
): (result: Value, operation: string) => string {
  const { single } = service;
  const encode = createEncoder(service, maxBytes);
  if (single === undefined) return encode;
  const encodeSingle = createEncoder(service, maxBytes, single);
  return (result, operation) => (operation === single.name ? encodeSingle(result) : encode(result));
}

function compilePrinter(type: FieldType): Printer {
  switch (type.kind) {
    case "array": {
      const print = compilePrinter(type.items);
      const element = compileElement(type.itemName);
      return (value, path) => {
        if (!Array.isArray(value)) throw notOfType(path);
        return value.map((item, index) => element(print(item, `${path}[${index}]`))).join("");
      };
    }
    case "map":
      return compileMap(type);
    case "struct":
      return compileStruct(type.message);
    case "dynamic":
      return (value, path) => escapeText(printJson(value, path));
    default: {
      const scalar = scalarOf(type);
      return (value, path) => {
        const text = scalar.print(value);
        if (text === undefined) throw notOfType(path);
        if (!isXmlText(text)) throw notCarried(path);
        return escapeText(text);
      };
    }
  }
}

function compileMap(type: MapType): Printer {
  const printKey = compilePrinter(type.key);
  const printValue = compilePrinter(type.value);
  const entryElement = compileElement("entry");
  const keyElement = compileElement("key");
  const valueElement = compileElement("value");
  return (value, path) => {
    if (!(value instanceof Map)) throw notOfType(path);
    const entries = [...value].map(([key, inner], index) => {
      const place = `${path}[${index}]`;
      const content =
        keyElement(printKey(key, `${place}.key`)) + valueElement(printValue(inner, `${place}.value`));
      return entryElement(content);
    });
    return entries.join("");
  };
}

function compileStruct(message: Message): Printer {
  const printers = message.fields.map(({ source, xmlName, type }) => ({
    source,
    element: compileElement(xmlName),
    print: compilePrinter(type),
  }));
  return (value, path) => {
    if (!isStruct(value)) throw notOfType(path);
    let content = "";
    for (const { source, element, print } of printers) {
      const inner = value[source];
      if (inner === undefined || inner === null) continue;
      content += element(print(inner, `${path}.${source}`));
    }
    return content;
  };
}

function notOfType(path: string): GatewayError {
  return invalid(path, "Is not of the declared type.");
}

function notCarried(path: string): GatewayError {
  return invalid(path, "Holds a character that XML 1.0 cannot carry.");
}

function invalid(path: string, message: string): GatewayError {
  return new GatewayError("output_invalid", "The artifact returned a value that the reply cannot carry.", {
    violations: [{ path, message }],
    started: true,
  });
}
