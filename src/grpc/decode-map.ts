/** Maps off the wire, both as protobuf's own `map<K, V>` and as a list of entry messages. */
import type { FieldType, MapType, Message } from "../contract/model.js";
import type { Violation } from "../errors.js";
import { entryMessage, nativeMapKey } from "../proto/proto-types.js";
import type { Struct, Value, ValueMap } from "../values.js";
import { CalendarDate, DateTime, Decimal } from "../values.js";
import { SCALAR_READERS, isScalar } from "./decode-leaf.js";
import { report } from "./violations.js";
import { joinBytes } from "./wire.js";

/** Field 2 as a message without content: joined to an entry it stands for the value that was left out. */
const EMPTY_VALUE = Uint8Array.of(0x12, 0x00);

type StructReader = (bytes: Uint8Array, path: string, violations: Violation[]) => Struct;

/**
 * A reader of all entries of a map. In a `map<K, V>` protobuf gives an absent key or value its zero and lets the last
 * of two equal keys win; in our own entry messages both are faults, because there nothing says so.
 */
export function compileMapReader(
  type: MapType,
  compileMessage: (message: Message) => StructReader,
): (parts: readonly Uint8Array[], path: string, violations: Violation[]) => ValueMap {
  const native = nativeMapKey(type) !== undefined;
  const nativeMessage = native && !isScalar(type.value);
  const readEntry = compileMessage(entryMessage(type));
  return (parts, path, violations) => {
    const map: ValueMap = new Map();
    const seen = new Set<Value>();
    parts.forEach((part, index) => {
      const before = violations.length;
      const at = `${path}[${index}]`;
      let entry = readEntry(part, at, violations);
      if (nativeMessage && entry["value"] === undefined) {
        entry = readEntry(joinBytes([part, EMPTY_VALUE]), at, violations);
      }
      if (violations.length > before) return;
      const key = entry["key"] ?? zeroOf(type.key, native);
      const value = entry["value"] === undefined ? zeroOf(type.value, native) : entry["value"];
      if (key === undefined) report(violations, `${at}.key`, "This value is required.");
      if (value === undefined) report(violations, `${at}.value`, "This value is required.");
      if (key === undefined || value === undefined) return;
      const identity = identityOf(key);
      if (!native && seen.has(identity))
        report(violations, `${at}.key`, "Must not repeat the key of another entry.");
      seen.add(identity);
      map.set(key, value);
    });
    return map;
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
