/** What stands inside an element, by its type: the mirror of `decode.ts` for what a schema allows and nothing else. */
import type { ArrayType, FieldType, MapType } from "../../contract/model.js";
import { newStruct, type Struct, type Value, type ValueMap } from "../../values.js";
import { identifyKey } from "../../call/identify-key.js";
import type { Beginning, QuickScanner } from "./quick-scanner.js";
import { readQuickText } from "./quick-text.js";
import { scalarOf } from "../scalars.js";

/** Values are `undefined` for what the complete reader has to read. */
interface Content<T extends Value = Value> {
  /** Reads what follows a start tag, and the end tag. */
  read(scanner: QuickScanner, xmlName: string): T | undefined;
  /** What an element without content stands for. */
  empty(): T | undefined;
}

/** One element of a sequence: a field of a message, or the key or value of a map entry. */
interface Part {
  readonly xmlName: string;
  readonly source: string;
  readonly type: FieldType;
  readonly required: boolean;
}

/** An element by its name, and how what is in it is read: a scalar from its text, anything else by itself. */
interface Element {
  readonly xmlName: string;
  readonly nillable: boolean;
  readonly scalar: ((written: string) => Value | undefined) | undefined;
  readonly content: Content;
}

/** @param maxChildren most elements directly in one; a sequence has fewer, or the quick reader is not used at all */
export function compileQuickSequence(parts: readonly Part[], maxChildren: number): Content<Struct> {
  const elements = parts.map(({ xmlName, source, type, required }) => ({
    source,
    ...compileElement(xmlName, type, !required, maxChildren),
  }));
  const positions = new Map(parts.map(({ xmlName }, position) => [xmlName, position]));
  // How many required parts stand before each position, and before the end.
  const requiredBefore = [0];
  for (const { required } of parts) requiredBefore.push((requiredBefore.at(-1) ?? 0) + Number(required));
  const maySkip = (from: number, to: number): boolean =>
    to >= from && requiredBefore[to] === requiredBefore[from];

  return {
    read(scanner, xmlName) {
      const struct = newStruct();
      let next = 0;
      while (!scanner.isAtEndTag()) {
        let element = elements[next];
        let beginning = element === undefined ? undefined : scanner.begin(element.xmlName);
        if (beginning === undefined) {
          // Looked up, not searched: a sequence of many optional parts must not cost more than what was sent.
          const position = positions.get(scanner.peekName() ?? "") ?? -1;
          element = elements[position];
          if (element === undefined || !maySkip(next, position)) return undefined;
          beginning = scanner.begin(element.xmlName);
          next = position;
        }
        if (element === undefined) return undefined;
        const value = readElement(scanner, element, beginning);
        if (value === undefined) return undefined;
        struct[element.source] = value;
        next += 1;
      }
      return maySkip(next, parts.length) && scanner.end(xmlName) ? struct : undefined;
    },
    empty: () => (maySkip(0, parts.length) ? newStruct() : undefined),
  };
}

function compileElement(xmlName: string, type: FieldType, nillable: boolean, maxChildren: number): Element {
  const scalar = compileScalar(type);
  return { xmlName, nillable, scalar, content: compileContent(type, maxChildren) };
}

function readElement(
  scanner: QuickScanner,
  { xmlName, nillable, scalar, content }: Element,
  beginning: Beginning | undefined,
): Value | undefined {
  switch (beginning) {
    case "content": {
      if (scalar === undefined) return content.read(scanner, xmlName);
      const written = scanner.textAndEnd(xmlName);
      return written === undefined ? undefined : scalar(written);
    }
    case "empty":
      return scalar === undefined ? content.empty() : scalar("");
    case "nil":
      return nillable ? null : undefined;
    case undefined:
      return undefined;
  }
}

/** No form of a scalar but text has a reference or a character that XML does not allow, so it needs no other check. */
function compileScalar(type: FieldType): ((written: string) => Value | undefined) | undefined {
  switch (type.kind) {
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return undefined;
    default: {
      const { read, check } = scalarOf(type);
      const readText = type.kind === "string" ? readQuickText : read;
      if (check === undefined) return readText;
      return (written) => {
        const value = readText(written);
        return value === undefined || check(value) !== undefined ? undefined : value;
      };
    }
  }
}

const NOTHING: Content = { read: () => undefined, empty: () => undefined };

function compileContent(type: FieldType, maxChildren: number): Content {
  switch (type.kind) {
    case "array":
      return compileArray(type, maxChildren);
    case "map":
      return compileMap(type, maxChildren);
    case "struct":
      return compileQuickSequence(type.message.fields, maxChildren);
    default:
      return NOTHING;
  }
}

function compileArray({ items, itemName, maxItems }: ArrayType, maxChildren: number): Content<Value[]> {
  const item = compileElement(itemName, items, false, maxChildren);
  const most = Math.min(maxItems, maxChildren);
  return {
    read(scanner, xmlName) {
      const list: Value[] = [];
      while (!scanner.isAtEndTag()) {
        const value = readElement(scanner, item, scanner.begin(itemName));
        if (value === undefined || list.length === most) return undefined;
        list.push(value);
      }
      return scanner.end(xmlName) ? list : undefined;
    },
    empty: () => [],
  };
}

function compileMap({ key, value, maxItems }: MapType, maxChildren: number): Content<ValueMap> {
  const parts = [
    { xmlName: "key", source: "key", type: key, required: true },
    { xmlName: "value", source: "value", type: value, required: true },
  ];
  const entry = compileQuickSequence(parts, maxChildren);
  const most = Math.min(maxItems, maxChildren);
  return {
    read(scanner, xmlName) {
      const map: ValueMap = new Map();
      const keys = new Set<string>();
      while (!scanner.isAtEndTag()) {
        const pair = scanner.begin("entry") === "content" ? entry.read(scanner, "entry") : undefined;
        const entryKey = pair?.["key"];
        const entryValue = pair?.["value"];
        if (entryKey === undefined || entryValue === undefined || keys.size === most) return undefined;
        const identity = identifyKey(entryKey);
        if (keys.has(identity)) return undefined;
        keys.add(identity);
        map.set(entryKey, entryValue);
      }
      return scanner.end(xmlName) ? map : undefined;
    },
    empty: () => new Map(),
  };
}
