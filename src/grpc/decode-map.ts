/** Maps off the wire, both as protobuf's own `map<K, V>` and as a list of entry messages. */
import { pathOf } from "../call/path-trail.js";
import { compileFacetCheck } from "../contract/facets.js";
import type { FieldType, MapType, Message } from "../contract/model.js";
import { entryMessage, nativeMapKey } from "../proto/proto-types.js";
import type { Struct, Value, ValueMap } from "../values.js";
import { CalendarDate, DateTime, Decimal } from "../values.js";
import { SCALAR_READERS, isScalar, type Reading } from "./decode-leaf.js";
import { report } from "./violations.js";
import { type Span, WireReader } from "./wire-reader.js";

/** Field 2 as a message without content: joined to an entry it stands for the value that was left out. */
const EMPTY_VALUE = Uint8Array.of(0x12, 0x00);

type StructReader = (reading: Reading, span: Span) => Struct;

/**
 * A reader of all entries of a map. In a `map<K, V>` protobuf gives an absent key or value its zero and lets the last
 * of two equal keys win; in our own entry messages both are faults, because there nothing says so.
 */
export function compileMapReader(
  type: MapType,
  compileMessage: (message: Message) => StructReader,
): (reading: Reading, spans: readonly Span[]) => ValueMap {
  const native = nativeMapKey(type) !== undefined;
  const readEntry = compileMessage(entryMessage(type));
  const keyOf = orZero(type.key, "key", native);
  const valueOf = orZero(type.value, "value", native);
  const isWhole = native && !isScalar(type.value) ? hasValue : () => true;
  return (reading, spans) => {
    const { trail, violations } = reading;
    const map: ValueMap = new Map();
    const seen = new Set<Value>();
    spans.forEach((span, index) => {
      const before = violations.length;
      trail.push(index);
      let entry = readEntry(reading, span);
      if (!isWhole(entry)) entry = readEntry(...withEmptyValue(reading, span));
      const key = keyOf(entry["key"] ?? undefined, reading);
      const value = valueOf(entry["value"], reading);
      if (violations.length === before) {
        if (key === undefined) fault(reading, "key", "This value is required.");
        if (value === undefined) fault(reading, "value", "This value is required.");
        if (key !== undefined && value !== undefined) {
          const identity = identityOf(key);
          if (!native && seen.has(identity))
            fault(reading, "key", "Must not repeat the key of another entry.");
          seen.add(identity);
          map.set(key, value);
        }
      }
      trail.pop();
    });
    return map;
  };
}

function hasValue(entry: Struct): boolean {
  return entry["value"] !== undefined;
}

function withEmptyValue(reading: Reading, { from, to }: Span): [Reading, Span] {
  const bytes = Buffer.concat([reading.reader.bytes.subarray(from, to), EMPTY_VALUE]);
  return [
    { ...reading, reader: new WireReader(bytes) },
    { from: 0, to: bytes.length },
  ];
}

function fault({ trail, violations }: Reading, name: "key" | "value", message: string): void {
  report(violations, pathOf([...trail, name]), message);
}

/** A part of an entry; when it is absent, what protobuf means by that, which the facets of the type may forbid. */
function orZero(
  type: FieldType,
  name: "key" | "value",
  native: boolean,
): (sent: Value | undefined, reading: Reading) => Value | undefined {
  const wrong =
    native && isScalar(type) ? compileFacetCheck(type)?.(SCALAR_READERS[type.kind].absent) : undefined;
  return (sent, reading) => {
    if (sent !== undefined) return sent;
    if (wrong !== undefined) fault(reading, name, wrong);
    return zeroOf(type, native);
  };
}

/** What an absent key or value stands for; `undefined` when it has to be given. */
function zeroOf(type: FieldType, native: boolean): Value | undefined {
  if (type.kind === "array") return [];
  if (type.kind === "map") return new Map();
  return native && isScalar(type) ? SCALAR_READERS[type.kind].absent : undefined;
}

/** Equal for keys that Python would hold equal: 1.5 and 1.50 are one key. */
function identityOf(key: Value): Value {
  if (key instanceof DateTime || key instanceof CalendarDate) return key.text;
  if (!(key instanceof Decimal)) return key;
  return key.text.includes(".") ? key.text.replace(/\.?0+$/, "") : key.text;
}
