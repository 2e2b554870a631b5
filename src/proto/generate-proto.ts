/** The text of the generated `.proto` file. */
import type { Service } from "../contract/model.js";
import { buildProtoFile } from "./build-proto-file.js";
import type { ElementType, ProtoField, ProtoFile, ProtoMessage, ProtoService } from "./model.js";

export { protoPath } from "./build-proto-file.js";

/**
 * The service as proto3 text: pure, and byte-identical for equal contracts. Clean under the STANDARD rules of
 * `buf lint` and in the form that `buf format` would give it.
 */
export function generateProto(service: Service): string {
  const file = buildProtoFile(service);
  const blocks = [
    [...comment(file.comment, ""), 'syntax = "proto3";'],
    [`package ${file.package};`],
    file.imports.map((path) => `import "${path}";`),
    // Without it Java callers find every message nested in one class, and adding it later breaks them.
    ["option java_multiple_files = true;"],
    printService(file.service, file),
    ...file.messages.map((message) => printMessage(message, file, "")),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function printService(service: ProtoService, file: ProtoFile): string[] {
  const methods = service.methods.flatMap(({ name, input, output, streams, comment: lines }) => {
    const stream = streams ? "stream " : "";
    const rpc = `  rpc ${name}(${stream}${typeName(input, file)}) returns (${stream}${typeName(output, file)})`;
    const declared = streams ? [`${rpc};`] : [`${rpc} {`, "    option idempotency_level = NO_SIDE_EFFECTS;", "  }"];
    return [...comment(lines, "  "), ...declared];
  });
  return [...comment(service.comment, ""), `service ${service.name} {`, ...methods, "}"];
}

function printMessage(message: ProtoMessage, file: ProtoFile, indent: string): string[] {
  const head = comment(message.comment, indent);
  if (message.fields.length + message.reserved.length === 0) return [...head, `${indent}message ${message.name} {}`];
  const inside = `${indent}  `;
  // One line each, so that what is removed next adds lines and changes none.
  const reserved = [
    ...message.reserved.map(({ number }) => `${inside}reserved ${number};`),
    ...message.reserved.map(({ name }) => `${inside}reserved "${name}";`),
  ];
  const fields = message.fields.flatMap((field) => [
    ...comment(field.comment, inside),
    `${inside}${printType(field, file)} ${field.name} = ${field.number};`,
  ]);
  const nested = message.nested.flatMap((own) => ["", ...printMessage(own, file, inside)]);
  return [...head, `${indent}message ${message.name} {`, ...reserved, ...fields, ...nested, `${indent}}`];
}

function printType({ shape }: ProtoField, file: ProtoFile): string {
  if (shape.kind === "map") return `map<${shape.key}, ${elementName(shape.value, file)}>`;
  const element = elementName(shape.element, file);
  if (shape.kind === "many") return `repeated ${element}`;
  return shape.element.kind === "scalar" ? `optional ${element}` : element;
}

function elementName(element: ElementType, file: ProtoFile): string {
  return element.kind === "scalar" ? element.name : typeName(element.name, file);
}

/**
 * A message name as this file writes it: short for its own, full for the others. In a package such as
 * `acme.google.v1` the full name starts with a dot, or `google` would be looked for in `acme`.
 */
function typeName(fullName: string, file: ProtoFile): string {
  const own = `${file.package}.`;
  if (fullName.startsWith(own)) return fullName.slice(own.length);
  return file.package.split(".").includes("google") ? `.${fullName}` : fullName;
}

function comment(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => `${indent}// ${line}`);
}
