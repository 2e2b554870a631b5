/** What the Python host must know of a contract to call `main()`: names, order and spelled types, nothing more. */
import type { FieldType, RequestField, Service } from "./contract/model.js";
import type { MainInterface } from "./pool/host-messages.js";

export function mainInterface(service: Service): MainInterface {
  const { fields } = service.operation.request;
  const withRole = (role: RequestField["role"]): readonly RequestField[] =>
    fields.filter((field) => field.role === role);
  return {
    tables: withRole("table").map(({ source, type }) => ({ alias: source, columns: columnsOf(type) })),
    arguments: withRole("argument").map(({ source }) => source),
    parameters: withRole("parameters").flatMap(({ type }) => columnsOf(type).map(({ alias }) => alias)),
  };
}

function columnsOf(type: FieldType): readonly { readonly alias: string; readonly type: string }[] {
  if (type.kind === "array") return columnsOf(type.items);
  if (type.kind !== "struct") return [];
  return type.message.fields.map(({ source, spelledType }) => ({ alias: source, type: spelledType }));
}
