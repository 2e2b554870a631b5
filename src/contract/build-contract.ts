/**
 * From what an artifact declares to the contract its callers get. Pure: the same artifact and the same contract before give the
 * same contract.
 */
import type { DataType } from "../artifact/data-type.js";
import type { ColumnDocumentation, InputColumn, InputInfo, InputTable } from "../artifact/input-info.js";
import { assembleService, OPERATION } from "./assemble-service.js";
import {
  buildType,
  DEFAULT_MAX_ROWS,
  isSameType,
  typeRegistry,
  type TypeRegistry,
  type TypeSource,
} from "./build-types.js";
import { inherit, type Identified } from "./carry-over.js";
import { namesInUse } from "./named-types.js";
import type {
  Field,
  FieldNotes,
  FieldType,
  Message,
  Profile,
  RequestField,
  RequestMessage,
  ResponseMessage,
  ResultOrigin,
  Role,
  Service,
} from "./model.js";
import { pascalCase } from "./names.js";

/** What the contract is made from: nothing of the model behind it, so that a retrained model changes no file. */
export interface ContractSource {
  readonly alias: string;
  readonly description: string;
  readonly inputs: InputInfo;
  /** The type of `main()`'s answer; without it the result is dynamic. */
  readonly output: OutputSource | undefined;
  /** Absent: that of `previous`, or `standard`. */
  readonly profile?: Profile;
  /** Absent: that of `previous`, or 1. */
  readonly major?: number;
  /** The contract that callers have: names, numbers, facets and removed fields carry over from it. */
  readonly previous?: Service;
  /** Whether descriptions and notes of `previous` stay, also where the artifact has others now. */
  readonly keepTexts?: boolean;
}

export interface OutputSource {
  readonly type: DataType;
  readonly spelled: string;
  readonly origin: Exclude<ResultOrigin, "undeclared">;
}

const RESULT = "result";

/** The contract of one artifact: names, types, numbers and limits, nothing left to the protocols to decide. */
export function buildContract(source: ContractSource): Service {
  const { alias, description, previous, output } = source;
  const major = source.major ?? previous?.major ?? 1;
  const profile = source.profile ?? previous?.profile ?? "standard";
  const registry = typeRegistry(source.keepTexts ?? false);
  // Whoever comes later must not take a name that a caller's compiler knows as something else.
  const taken = [
    ...OWN_NAMES,
    ...namesBeside(alias),
    ...(previous === undefined ? [] : namesInUse(previous)),
  ];
  for (const name of taken) registry.names.keep(name);
  const before = previous?.operation;
  const request: RequestMessage = {
    name: before?.request.name ?? registry.names.give(`${OPERATION} Request`, OPERATION),
    description: `The inputs of ${alias}.`,
    ...requestFields(source.inputs, before?.request, registry),
  };
  const response: ResponseMessage = {
    name: before?.response.name ?? registry.names.give(`${OPERATION} Response`, OPERATION),
    description: `The answer of ${alias}.`,
    fields: [resultField(output, before?.response.fields[0], registry)],
    reserved: [],
  };
  const resultOrigin = output?.origin ?? "undeclared";
  return assembleService({ alias, major, description, profile, request, response, resultOrigin });
}

/** Names that the WSDL gives to elements and messages of its own: those of the operations and the fault. */
const OWN_NAMES: readonly string[] = [
  OPERATION,
  `${OPERATION}Fault`,
  `${OPERATION}FaultMessage`,
  `${OPERATION}One`,
  `${OPERATION}OneRequest`,
  `${OPERATION}OneResponse`,
];

/** Classes that generators put beside those of the messages: service and port type of the WSDL, the stubs of gRPC. */
function namesBeside(alias: string): readonly string[] {
  const base = pascalCase(alias);
  return [`${base}Service`, `${base}PortType`, `${base}ServiceGrpc`];
}

function requestFields(
  { tables, arguments: args, parameters }: InputInfo,
  before: RequestMessage | undefined,
  registry: TypeRegistry,
): Pick<RequestMessage, "fields" | "reserved"> {
  // In a generated Java method the inputs and the answer are parameters side by side, and CXF refuses two of one name.
  const heritage = inherit<RequestField>(before, [RESULT]);
  let position = 0;
  const identify = (source: string, role: Role): Place => ({
    ...heritage.identify(source, role, (field) => field.role === role),
    position: position++,
  });
  return heritage.settle([
    ...tables.map((table) => tableField(table, identify(table.alias, "table"), registry)),
    ...args.map((column): RequestField => {
      const place = identify(column.alias, "argument");
      return { role: "argument", ...columnField(column, "", place, registry) };
    }),
    ...(parameters.length === 0
      ? []
      : [parametersField(parameters, identify("parameters", "parameters"), registry)]),
  ]);
}

/** Where a field stands, and what it was before. */
type Place = Identified<Field> & { readonly position: number };

function tableField(
  { alias, description, columns, nullable }: InputTable,
  { wire, before, position }: Place,
  registry: TypeRegistry,
): RequestField {
  const { names } = registry;
  const list = before?.type.kind === "array" ? before.type : undefined;
  const row = list?.items.kind === "struct" ? list.items.message : undefined;
  const message: Message = {
    name: row?.name ?? names.give(`${alias} Row`, `Table${wire.number}Row`),
    description: textsOf({ description, notes: {} }, before, registry).description,
    ...columnFields(columns, `${alias} Row`, row, registry),
  };
  return {
    source: alias,
    ...wire,
    type: {
      kind: "array",
      name: list?.name ?? names.give(`${alias} Table`, `Table${wire.number}`),
      items: { kind: "struct", message },
      itemName: "row",
      maxItems: list?.maxItems ?? DEFAULT_MAX_ROWS,
    },
    required: !nullable,
    ...textsOf({ description, notes: {} }, before, registry),
    position,
    spelledType: "table",
    role: "table",
  };
}

function parametersField(
  parameters: readonly InputColumn[],
  { wire, before, position }: Place,
  registry: TypeRegistry,
): RequestField {
  const wish = `${OPERATION} Parameters`;
  const message = before?.type.kind === "struct" ? before.type.message : undefined;
  return {
    source: "parameters",
    ...wire,
    type: {
      kind: "struct",
      message: {
        name: message?.name ?? registry.names.give(wish, "Parameters"),
        description: "Runtime parameters.",
        ...columnFields(parameters, wish, message, registry),
      },
    },
    required: parameters.some((parameter) => !parameter.nullable && parameter.default === undefined),
    description: "Runtime parameters.",
    notes: {},
    position,
    spelledType: "parameters",
    role: "parameters",
  };
}

function resultField(
  output: OutputSource | undefined,
  before: Field | undefined,
  registry: TypeRegistry,
): Field {
  const wish = `${OPERATION} Result`;
  const type: FieldType =
    output === undefined
      ? { kind: "dynamic" }
      : buildType({ ...typeSource(output.type, RESULT, wish, before), itemName: "row" }, registry);
  return {
    source: RESULT,
    xmlName: RESULT,
    protoName: RESULT,
    number: 1,
    type,
    required: true,
    description: output === undefined ? "The artifact does not declare the type of its answer." : "",
    notes: {},
    position: 0,
    spelledType: output?.spelled ?? "",
  };
}

function columnFields(
  columns: readonly InputColumn[],
  owner: string,
  before: Message | undefined,
  registry: TypeRegistry,
): Pick<Message, "fields" | "reserved"> {
  const heritage = inherit(before);
  return heritage.settle(
    columns.map((column, position) =>
      columnField(column, owner, { ...heritage.identify(column.alias, "column"), position }, registry),
    ),
  );
}

function columnField(
  { alias, type, nullable, default: fallback, description, documentation, spelledType }: InputColumn,
  owner: string,
  { wire, before, position }: Place,
  registry: TypeRegistry,
): Field {
  return {
    source: alias,
    ...wire,
    type: buildType(typeSource(type, alias, `${owner} ${alias}`, before), registry),
    required: !nullable && fallback === undefined,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...textsOf({ description, notes: notesOf(documentation) }, before, registry),
    position,
    spelledType,
  };
}

function notesOf({ source, ...notes }: ColumnDocumentation = {}): FieldNotes {
  return source === undefined ? notes : { ...notes, origin: source };
}

/** What is said about a field: now, or as it was where that is to stay. */
function textsOf(
  now: Pick<Field, "description" | "notes">,
  before: Field | undefined,
  { keepTexts }: TypeRegistry,
): Pick<Field, "description" | "notes"> {
  const { description, notes } = keepTexts && before !== undefined ? before : now;
  return { description, notes };
}

function typeSource(type: DataType, field: string, wish: string, before: Field | undefined): TypeSource {
  const isSame = isSameType(type, before?.spelledType);
  return { type, field, wish, itemName: "item", before: before?.type, isSame };
}
