/** The types of a contract that have names, each once, in the order in which they are met. */
import type { ArrayType, FieldType, MapType, Message, Service } from "./model.js";

export type NamedType =
  | { readonly kind: "record"; readonly message: Message }
  | { readonly kind: "list"; readonly type: ArrayType }
  | { readonly kind: "map"; readonly type: MapType };

/** Every list, map and record below the request and the answer; of what is shared only the first. */
export function namedTypes({ operation }: Service): readonly NamedType[] {
  const found = new Map<string, NamedType>();
  const visit = (type: FieldType): void => {
    if (type.kind === "array") {
      if (found.has(type.name)) return;
      found.set(type.name, { kind: "list", type });
      visit(type.items);
    } else if (type.kind === "map") {
      if (found.has(type.name)) return;
      found.set(type.name, { kind: "map", type });
      visit(type.key);
      visit(type.value);
    } else if (type.kind === "struct") {
      if (found.has(type.message.name)) return;
      found.set(type.message.name, { kind: "record", message: type.message });
      for (const field of type.message.fields) visit(field.type);
    }
  };
  for (const field of [...operation.request.fields, ...operation.response.fields]) visit(field.type);
  return [...found.values()];
}

/** Every type name of a contract that a caller's compiler may know. */
export function namesInUse(service: Service): readonly string[] {
  const { request, response } = service.operation;
  return [
    request.name,
    response.name,
    ...namedTypes(service).flatMap((named) => {
      if (named.kind === "record") return [named.message.name];
      return named.kind === "list" ? [named.type.name] : [named.type.name, named.type.entryName];
    }),
  ];
}
