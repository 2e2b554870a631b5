/** From what an artifact declares to the contract its callers get. Pure: the same artifact gives the same contract. */
import type { DataType } from "../artifact/data-type.js";
import type { InputColumn, InputInfo, InputTable } from "../artifact/input-info.js";
import { spellType } from "../artifact/spell-type.js";
import type { Field, FieldType, Message, RequestField, Service } from "./model.js";
import { pascalCase, protoNames, typeNames, xmlNames, type NameGiver } from "./names.js";

/** What the contract is made from: nothing of the model behind it, so that a retrained model changes no file. */
export interface ContractSource {
  readonly alias: string;
  readonly description: string;
  readonly inputs: InputInfo;
  /** The declared type of `main()`'s answer; without it the result is dynamic. */
  readonly output: { readonly type: DataType; readonly spelled: string } | undefined;
}

/** Most rows of a table, unless the contract lock says otherwise. */
export const DEFAULT_MAX_ROWS = 1000;
/** Most elements of a list or map inside a row. */
export const DEFAULT_MAX_ITEMS = 1000;

const MAJOR = 1;
const OPERATION = "Evaluate";

/** The contract of one artifact: names, types, numbers and limits, nothing left to the protocols to decide. */
export function buildContract(source: ContractSource): Service {
  const types = typeNames();
  const request = types.give(`${OPERATION} Request`, OPERATION);
  const response = types.give(`${OPERATION} Response`, OPERATION);
  // The operation's own element and the fault have these names in the WSDL.
  types.give(OPERATION, OPERATION);
  types.give(`${OPERATION} Fault`, OPERATION);

  const { tables, arguments: args, parameters } = source.inputs;
  const names = { xml: xmlNames(), proto: protoNames() };
  const fields: RequestField[] = [];
  const add = (role: RequestField["role"], field: Field): void => {
    fields.push({ ...field, role });
  };
  for (const table of tables) add("table", tableField(table, fields.length + 1, names, types));
  for (const arg of args) add("argument", columnField(arg, "", fields.length + 1, names, types));
  if (parameters.length > 0) {
    add("parameters", parametersField(parameters, fields.length + 1, names, types));
  }

  return {
    alias: source.alias,
    major: MAJOR,
    name: `${pascalCase(source.alias)}Service`,
    namespace: `urn:artifact-gateway:${source.alias}:v${MAJOR}`,
    protoPackage: `${source.alias}.v${MAJOR}`,
    description: source.description,
    operation: {
      name: OPERATION,
      request: { name: request, description: `The inputs of ${source.alias}.`, fields },
      response: {
        name: response,
        description: `The answer of ${source.alias}.`,
        fields: [resultField(source.output, types)],
      },
    },
  };
}

interface FieldNames {
  readonly xml: NameGiver;
  readonly proto: NameGiver;
}

function tableField(table: InputTable, number: number, names: FieldNames, types: NameGiver): Field {
  const { alias, description, columns, nullable } = table;
  const row: Message = {
    name: types.give(`${alias} Row`, `Table${number}Row`),
    description,
    fields: columnFields(columns, `${alias} Row`, types),
  };
  return {
    source: alias,
    xmlName: names.xml.give(alias, `table${number}`),
    protoName: names.proto.give(alias, `table${number}`),
    number,
    type: {
      kind: "array",
      name: types.give(`${alias} Table`, `Table${number}`),
      items: { kind: "struct", message: row },
      itemName: "row",
      maxItems: DEFAULT_MAX_ROWS,
    },
    required: !nullable,
    description,
    spelledType: "table",
  };
}

function parametersField(
  parameters: readonly InputColumn[],
  number: number,
  names: FieldNames,
  types: NameGiver,
): Field {
  return {
    source: "parameters",
    xmlName: names.xml.give("parameters", "parameters"),
    protoName: names.proto.give("parameters", "parameters"),
    number,
    type: {
      kind: "struct",
      message: {
        name: types.give(`${OPERATION} Parameters`, "Parameters"),
        description: "Runtime parameters.",
        fields: columnFields(parameters, `${OPERATION} Parameters`, types),
      },
    },
    required: parameters.some((parameter) => !parameter.nullable && parameter.default === undefined),
    description: "Runtime parameters.",
    spelledType: "parameters",
  };
}

function resultField(output: ContractSource["output"], types: NameGiver): Field {
  const type: FieldType =
    output === undefined ? { kind: "dynamic" } : fieldType(output.type, `${OPERATION} Result`, types, "row");
  return {
    source: "result",
    xmlName: "result",
    protoName: "result",
    number: 1,
    type,
    required: true,
    description: output === undefined ? "The artifact does not declare the type of its answer." : "",
    spelledType: output?.spelled ?? "",
  };
}

function columnFields(columns: readonly InputColumn[], owner: string, types: NameGiver): readonly Field[] {
  const names = { xml: xmlNames(), proto: protoNames() };
  return columns.map((column, index) => columnField(column, owner, index + 1, names, types));
}

function columnField(
  column: InputColumn,
  owner: string,
  number: number,
  names: FieldNames,
  types: NameGiver,
): Field {
  const type = fieldType(column.type, `${owner} ${column.alias}`, types, "item");
  return {
    source: column.alias,
    xmlName: names.xml.give(column.alias, `column${number}`),
    protoName: names.proto.give(column.alias, `column${number}`),
    number,
    type,
    required: !column.nullable && column.default === undefined,
    ...(column.default === undefined ? {} : { default: column.default }),
    description: column.description,
    spelledType: column.spelledType,
  };
}

/** @param wish what the names of the type's own types are made from */
function fieldType(type: DataType, wish: string, types: NameGiver, itemName: "row" | "item"): FieldType {
  switch (type.kind) {
    case "numerical":
      return { kind: "double" };
    case "array":
      return {
        kind: "array",
        name: types.give(type.items.kind === "struct" && itemName === "row" ? `${wish} Table` : wish, "List"),
        items: fieldType(type.items, `${wish} ${itemName}`, types, "item"),
        itemName: type.items.kind === "struct" ? itemName : "item",
        maxItems: itemName === "row" ? DEFAULT_MAX_ROWS : DEFAULT_MAX_ITEMS,
      };
    case "map":
      return {
        kind: "map",
        name: types.give(wish, "Map"),
        entryName: types.give(`${wish} Entry`, "Entry"),
        key: fieldType(type.key, `${wish} Key`, types, "item"),
        value: fieldType(type.value, `${wish} Value`, types, "item"),
        maxItems: DEFAULT_MAX_ITEMS,
      };
    case "struct":
      return { kind: "struct", message: structMessage(type, wish, types) };
    default:
      return type;
  }
}

function structMessage(type: Extract<DataType, { kind: "struct" }>, wish: string, types: NameGiver): Message {
  const name = types.give(wish, "Record");
  const names = { xml: xmlNames(), proto: protoNames() };
  const fields = type.fields.map((field, index): Field => {
    const number = index + 1;
    return {
      source: field.name,
      xmlName: names.xml.give(field.name, `field${number}`),
      protoName: names.proto.give(field.name, `field${number}`),
      number,
      type: fieldType(field.type, `${wish} ${field.name}`, types, "item"),
      // The platform's structs are `total=False`: any field may be absent.
      required: false,
      description: "",
      spelledType: spellType(field.type),
    };
  });
  return { name, description: "", fields };
}
