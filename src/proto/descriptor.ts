/**
 * The generated file as protobuf descriptors, exactly as a compiler would make them from the text: for reflection, for
 * proxies that translate by descriptor set, and for defining the gRPC service.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptions_IdempotencyLevel as IdempotencyLevel,
  file_google_protobuf_any,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from "@bufbuild/protobuf/wkt";
import type {
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FileDescriptorProto,
  FileDescriptorSet,
  SourceCodeInfo_LocationSchema,
} from "@bufbuild/protobuf/wkt";
import type { Service } from "../contract/model.js";
import { buildProtoFile } from "./build-proto-file.js";
import { file_google_rpc_status } from "./gen/google/rpc/status_pb.js";
import { file_google_type_date } from "./gen/google/type/date_pb.js";
import { file_google_type_decimal } from "./gen/google/type/decimal_pb.js";
import { jsonName, mapEntryName } from "./model.js";
import type { ElementType, ProtoField, ProtoFile, ProtoMessage, ScalarName } from "./model.js";

type MessageInit = MessageInitShape<typeof DescriptorProtoSchema>;
type FieldInit = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type Location = MessageInitShape<typeof SourceCodeInfo_LocationSchema>;

const SCALARS = {
  string: Type.STRING,
  bool: Type.BOOL,
  double: Type.DOUBLE,
  int64: Type.INT64,
} as const satisfies Record<ScalarName, Type>;

/** Every file that a generated one can import, after those that it imports itself. */
const IMPORTABLE = new Map(
  [
    file_google_protobuf_any,
    file_google_protobuf_struct,
    file_google_protobuf_timestamp,
    file_google_rpc_status,
    file_google_type_date,
    file_google_type_decimal,
  ].map(({ proto }) => [proto.name, proto]),
);

/** The descriptor of the service's own file, with its comments. */
export function buildFileDescriptor(service: Service): FileDescriptorProto {
  const file = buildProtoFile(service);
  return create(FileDescriptorProtoSchema, {
    name: file.path,
    package: file.package,
    syntax: "proto3",
    dependency: [...file.imports],
    options: { javaMultipleFiles: true },
    messageType: file.messages.map((message) => buildMessage(message, file.package)),
    service: [
      {
        name: file.service.name,
        method: file.service.methods.map((method) => ({
          name: method.name,
          inputType: `.${method.input}`,
          outputType: `.${method.output}`,
          ...(method.streams
            ? { clientStreaming: true, serverStreaming: true }
            : { options: { idempotencyLevel: IdempotencyLevel.NO_SIDE_EFFECTS } }),
        })),
      },
    ],
    sourceCodeInfo: { location: commentLocations(file) },
  });
}

/** The service's file after the files it imports: all that a reader needs to use it. */
export function buildDescriptorSet(service: Service): FileDescriptorSet {
  const own = buildFileDescriptor(service);
  const needed = new Set<string>();
  const need = (path: string): void => {
    IMPORTABLE.get(path)?.dependency.forEach(need);
    needed.add(path);
  };
  own.dependency.forEach(need);
  const imported = [...needed].flatMap((path) => IMPORTABLE.get(path) ?? []);
  return create(FileDescriptorSetSchema, { file: [...imported, own] });
}

/** `buildDescriptorSet()` in the binary form that tools read from a `.binpb` file. */
export function descriptorSetBytes(service: Service): Uint8Array {
  return toBinary(FileDescriptorSetSchema, buildDescriptorSet(service));
}

/** @param scope what the message is declared in: the package, or another message */
function buildMessage(message: ProtoMessage, scope: string): MessageInit {
  const fullName = `${scope}.${message.name}`;
  const presence = message.fields.filter(hasSyntheticOneof).map((field) => field.name);
  const oneofs = new Map(presence.map((name, index) => [name, index]));
  return {
    name: message.name,
    field: message.fields.map((field) => {
      const described = buildField(field, fullName);
      const oneof = oneofs.get(field.name);
      return oneof === undefined ? described : { ...described, proto3Optional: true, oneofIndex: oneof };
    }),
    nestedType: [
      ...message.fields.flatMap((field) => buildMapEntry(field) ?? []),
      ...message.nested.map((own) => buildMessage(own, fullName)),
    ],
    oneofDecl: presence.map((name) => ({ name: `_${name}` })),
    reservedRange: message.reserved.map(({ number }) => ({ start: number, end: number + 1 })),
    reservedName: message.reserved.map(({ name }) => name),
  };
}

/** How proto3 records `optional`: a oneof with this field alone. */
function hasSyntheticOneof({ shape }: ProtoField): boolean {
  return shape.kind === "one" && shape.element.kind === "scalar";
}

function buildField(field: ProtoField, messageName: string): FieldInit {
  const { shape } = field;
  const element: ElementType =
    shape.kind === "map"
      ? { kind: "message", name: `${messageName}.${mapEntryName(field.name)}` }
      : shape.element;
  const label = shape.kind === "one" ? Label.OPTIONAL : Label.REPEATED;
  return { ...plainField(field.name, field.number, element), label };
}

function buildMapEntry({ name, shape }: ProtoField): MessageInit | undefined {
  if (shape.kind !== "map") return undefined;
  return {
    name: mapEntryName(name),
    field: [plainField("key", 1, { kind: "scalar", name: shape.key }), plainField("value", 2, shape.value)],
    options: { mapEntry: true },
  };
}

function plainField(name: string, number: number, element: ElementType): FieldInit {
  const type =
    element.kind === "scalar"
      ? { type: SCALARS[element.name] }
      : { type: Type.MESSAGE, typeName: `.${element.name}` };
  return { name, number, label: Label.OPTIONAL, jsonName: jsonName(name), ...type };
}

/**
 * Comments by the path of field numbers and indexes that `SourceCodeInfo` uses (descriptor.proto): 12 is `syntax`,
 * 6 a service and 2 its method, 4 a message, 2 its field and 3 a message inside it. Spans are empty: there is no source to point into.
 */
function commentLocations(file: ProtoFile): Location[] {
  const at = (path: number[], lines: readonly string[]): Location[] =>
    lines.length === 0
      ? []
      : [{ path, span: [0, 0, 0], leadingComments: lines.map((line) => ` ${line}\n`).join("") }];
  const ofMessage = ({ comment, fields, nested }: ProtoMessage, path: number[]): Location[] => [
    ...at(path, comment),
    ...fields.flatMap((field, index) => at([...path, 2, index], field.comment)),
    // No message has both map fields, whose entries would come first, and messages of its own.
    ...nested.flatMap((message, index) => ofMessage(message, [...path, 3, index])),
  ];
  return [
    ...at([12], file.comment),
    ...at([6, 0], file.service.comment),
    ...file.service.methods.flatMap((method, m) => at([6, 0, 2, m], method.comment)),
    ...file.messages.flatMap((message, index) => ofMessage(message, [4, index])),
  ];
}
