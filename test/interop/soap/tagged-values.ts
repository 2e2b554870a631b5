/**
 * Values as the client programs of this folder read and print them: one line of JSON for every client in every language. What
 * JSON would blur carries its type by a name that no XML element can have. A client sends what the tag says in the type that its
 * own stack has for it, and tags what it gets by the type in which its stack hands it out.
 */
import type { FieldType, Message } from "../../../src/contract/model.js";
import { textOf, type Json } from "../../support/json-of-type.js";
import { inOrder, shapeOf, toXmlShape } from "../xml-shape.js";

export const long = (text: string): Json => ({ $long: text });
export const decimal = (text: string): Json => ({ $decimal: text });
export const date = (text: string): Json => ({ $date: text });
/** As it stands in the XML. */
export const dateTime = (text: string): Json => ({ $dateTime: text });
/** Its 64 bits, because no two languages print every double alike, and because 0 and -0 must stay apart. */
export const double = (value: number): Json => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return { $double: bytes.toString("hex") };
};

/** A sample under XML names. */
export function taggedRequest(message: Message, sample: Json): Json {
  return toXmlShape(message, sample, leafOf);
}

/** What a sample expects, under XML names, with the entries of maps in one order. */
export function taggedAnswer(type: FieldType, expected: Json): Json {
  return inOrder(shapeOf(type, expected, leafOf)) as Json;
}

function leafOf(type: FieldType, json: Json): Json {
  if (json === null) return null;
  switch (type.kind) {
    case "integer":
      return long(textOf(json));
    case "decimal":
      return decimal(textOf(json));
    case "double":
      return type.totalDigits === undefined ? double(Number(json)) : decimal(textOf(json));
    case "date":
      return date(textOf(json));
    case "datetime":
      return dateTime(`${textOf(json)}Z`);
    default:
      return json;
  }
}

/** What a client sees of a value, for clients that know less about types than XML Schema does. */
export interface View {
  /** A tagged value as its stack hands it out. */
  scalar(tag: string, text: string): Json;
  /** Undefined: its stack cannot tell an empty element from an absent one. */
  readonly emptyText: string | undefined;
  readonly emptyList: Json | undefined;
}

/** The view of a client that loses nothing. */
export const EXACT_VIEW: View = {
  scalar: (tag, text) => ({ [tag]: text }),
  emptyText: "",
  emptyList: {},
};

/** A value as a client with such a view reports it; undefined: as if it were absent. */
export function seenBy(view: View, json: Json): Json | undefined {
  if (json === "") return view.emptyText;
  if (Array.isArray(json)) return json.map((item) => seenBy(view, item) ?? null);
  if (json === null || typeof json !== "object") return json;
  const members = Object.entries(json);
  const [first] = members;
  if (first === undefined) return view.emptyList;
  const [tag, text] = first;
  if (tag.startsWith("$")) return view.scalar(tag, textOf(text));
  return Object.fromEntries(
    members.flatMap(([name, member]) => {
      const seen = seenBy(view, member);
      return seen === undefined ? [] : [[name, seen] as const];
    }),
  );
}
