/** What the Python host must know of a contract to call `main()`: names, order, types and choices, nothing more. */
import { DEFAULT_MAIN_OPTIONS, type MainOptions } from "./contract/main-options.js";
import {
  inSourceOrder,
  type Field,
  type FieldType,
  type RequestField,
  type Service,
} from "./contract/model.js";
import { spellFieldType } from "./contract/spell-field-type.js";
import type { MainInterface } from "./pool/host-messages.js";

/** The interface of `main()`, with everything in the order of `input_info.json`. */
export function mainInterface(service: Service, options: MainOptions = DEFAULT_MAIN_OPTIONS): MainInterface {
  const { typeSpelling, datasetFormat, callStyle, parametersAs, datetimeAs } = options;
  const fields = inSourceOrder(service.operation.request);
  const withRole = (role: RequestField["role"]): readonly RequestField[] =>
    fields.filter((field) => field.role === role);
  const spell = ({ type, spelledType }: Field): string =>
    typeSpelling === "as_is" ? spelledType : spellFieldType(type, typeSpelling);
  return {
    tables: withRole("table").map(({ source, type }) => ({
      alias: source,
      columns: columnsOf(type).map((field) => ({ alias: field.source, type: spell(field) })),
    })),
    arguments: withRole("argument").map(({ source }) => source),
    parameters: withRole("parameters").flatMap(({ type }) => columnsOf(type).map(({ source }) => source)),
    options: { datasetFormat, callStyle, parametersAs, datetimeAs },
  };
}

function columnsOf(type: FieldType): readonly Field[] {
  if (type.kind === "array") return columnsOf(type.items);
  return type.kind === "struct" ? inSourceOrder(type.message) : [];
}
