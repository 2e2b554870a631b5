/** Whether the quick reader may be used under the limits that are set: it counts only what a request can make large. */
import type { FieldType, Message } from "../../contract/model.js";
import type { XmlLimits } from "../../limits.js";
import { OPENING } from "./quick-opening.js";

/** What a message of the contract can have at most, as the quick reader accepts it. */
interface Shape {
  /** Levels of elements. */
  readonly depth: number;
  /** Elements in one element that is not a list. */
  readonly width: number;
  /** Characters in a name, without its prefix. */
  readonly nameLength: number;
}

type Fields = readonly { readonly xmlName: string; readonly type: FieldType }[];

/** Envelope, body and the operation's element. */
const ENVELOPE_DEPTH = 3;

/** `xsi:nil="true"`, beside which the namespace of `xsi` may be declared. */
const NIL = { attributes: 1, length: "true".length, namespaces: 1 };

const NOTHING: Shape = { depth: 0, width: 0, nameLength: 0 };

/**
 * Whether no request that the quick reader accepts can be beyond a limit that it does not count itself. It counts
 * elements, those of a list, characters and text; it knows no comments.
 */
export function keepsWithin(limits: XmlLimits, { fields }: Pick<Message, "fields">): boolean {
  const { depth, width, nameLength } = shapeOf(fields);
  const { nameLength: prefix, namespaces, tags, namespaceLength } = OPENING;
  return (
    ENVELOPE_DEPTH + depth <= limits.maxXmlDepth &&
    Math.max(width, 2) <= limits.maxXmlChildren &&
    prefix + 1 + Math.max(prefix, nameLength) <= limits.maxXmlNameLength &&
    NIL.attributes <= limits.maxXmlAttributes &&
    NIL.length <= limits.maxXmlAttributeLength &&
    namespaces <= limits.maxXmlNamespaces &&
    namespaces * tags + NIL.namespaces <= limits.maxXmlNamespacesInScope &&
    namespaceLength <= limits.maxXmlNamespaceLength
  );
}

function shapeOf(fields: Fields): Shape {
  const inside = fields.map(({ type }) => shapeInside(type));
  return {
    depth: Math.max(0, ...inside.map(({ depth }) => 1 + depth)),
    width: Math.max(fields.length, ...inside.map(({ width }) => width)),
    nameLength: Math.max(
      ...fields.map(({ xmlName }) => xmlName.length),
      ...inside.map(({ nameLength }) => nameLength),
      0,
    ),
  };
}

function shapeInside(type: FieldType): Shape {
  switch (type.kind) {
    case "array":
      return shapeOf([{ xmlName: type.itemName, type: type.items }]);
    case "map": {
      const entry = shapeOf([
        { xmlName: "key", type: type.key },
        { xmlName: "value", type: type.value },
      ]);
      return { ...entry, depth: 1 + entry.depth, nameLength: Math.max(entry.nameLength, "entry".length) };
    }
    case "struct":
      return shapeOf(type.message.fields);
    default:
      return NOTHING;
  }
}
