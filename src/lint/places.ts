/** Every type and every name of a contract, with the path that people know it by. */
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import { joinPath } from "../errors.js";

export type Direction = "request" | "reply";

export interface TypePlace {
  readonly path: string;
  readonly direction: Direction;
  readonly type: FieldType;
}

export interface MessagePlace {
  /** Of the value that the message describes; empty for the request and the reply themselves. */
  readonly path: string;
  readonly message: Message;
}

/** The types of all fields, and the types inside them, from the outside in. */
export function typePlaces({ operation }: Service): readonly TypePlace[] {
  return [...below(operation.request, "request"), ...below(operation.response, "reply")];
}

/** The messages of the request and the reply, from the outside in. */
export function messagePlaces(service: Service): readonly MessagePlace[] {
  const { request, response } = service.operation;
  const inner = typePlaces(service).flatMap(({ path, type }) =>
    type.kind === "struct" ? [{ path, message: type.message }] : [],
  );
  return [{ path: "", message: request }, { path: "", message: response }, ...inner];
}

export function pathOf(path: string, { source }: Field): string {
  return joinPath(path, source);
}

function below(message: Message, direction: Direction): readonly TypePlace[] {
  const places: TypePlace[] = [];
  const visit = (path: string, type: FieldType): void => {
    places.push({ path, direction, type });
    if (type.kind === "array") visit(`${path}[]`, type.items);
    if (type.kind === "map") {
      visit(`${path}[].key`, type.key);
      visit(`${path}[].value`, type.value);
    }
    if (type.kind === "struct")
      for (const field of type.message.fields) visit(pathOf(path, field), field.type);
  };
  for (const field of message.fields) visit(field.source, field.type);
  return places;
}
