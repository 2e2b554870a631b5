/** A checked result to the text of the reply, by its type: the mirror of `decode.ts`. */
import type { FieldType, MapType, Message, Service } from "../contract/model.js";
import { printJson } from "../dynamic-json.js";
import { GatewayError } from "../errors.js";
import { isStruct, type Value } from "../values.js";
import { encodeJson } from "./encode.js";

/** Prints a value of one type. `path` names it, should it not be printable. */
type Printer = (value: Value, path: string) => string;

/**
 * Compiles the encoder of a service's reply, once: an object whose only member is the result. Absent and null fields of
 * records are left out, as the OpenAPI document says; what has no declared type is written as SOAP callers get it.
 * @returns a function that throws GatewayError `output_invalid` for a value that is not of its type, and for two keys with
 * one text
 */
export function compileResultEncoder({ operation }: Service): (result: Value) => string {
  const [{ source, type }] = operation.response.fields;
  const print = compilePrinter(type);
  const name = JSON.stringify(source);
  return (result) => `{${name}:${print(result, source)}}`;
}

function compilePrinter(type: FieldType): Printer {
  switch (type.kind) {
    case "array": {
      const print = compilePrinter(type.items);
      return (value, path) => {
        if (!Array.isArray(value)) throw notOfType(path);
        return `[${value.map((item, index) => print(item, `${path}[${index}]`)).join(",")}]`;
      };
    }
    case "map":
      return compileMap(type);
    case "struct":
      return compileStruct(type.message);
    case "dynamic":
      return printJson;
    case "string":
    case "boolean":
    case "double":
    case "integer":
    case "decimal":
    case "datetime":
    case "date":
      return (value) => encodeJson(value);
  }
}

function compileMap({ value: type }: MapType): Printer {
  const print = compilePrinter(type);
  return (value, path) => {
    if (!(value instanceof Map)) throw notOfType(path);
    const members = new Map<string, string>();
    for (const [key, item] of value) {
      const text = encodeJson(key);
      const name = text.startsWith('"') ? text : `"${text}"`;
      const place = `${path}[${members.size}]`;
      // Python tells every NaN from every other.
      if (members.has(name)) throw invalid(`${place}.key`, "Is the same text in JSON as another key.");
      members.set(name, print(item, `${place}.value`));
    }
    return `{${[...members].map(([name, text]) => `${name}:${text}`).join(",")}}`;
  };
}

function compileStruct({ fields }: Message): Printer {
  const printers = fields.map(({ source, type }) => ({
    source,
    name: JSON.stringify(source),
    print: compilePrinter(type),
  }));
  return (value, path) => {
    if (!isStruct(value)) throw notOfType(path);
    const members: string[] = [];
    for (const { source, name, print } of printers) {
      const inner = value[source];
      if (inner === undefined || inner === null) continue;
      members.push(`${name}:${print(inner, `${path}.${source}`)}`);
    }
    return `{${members.join(",")}}`;
  };
}

function notOfType(path: string): GatewayError {
  return invalid(path, "Is not of the declared type.");
}

function invalid(path: string, message: string): GatewayError {
  return new GatewayError("output_invalid", "The artifact returned a value that the reply cannot carry.", {
    violations: [{ path, message }],
    started: true,
  });
}
