/**
 * Reads the part of pickle protocol 4 that is plain data. The writer is Python's own pickler in the host process,
 * but an artifact can write to the host's descriptors too, so every byte is checked and nothing is ever called:
 * a class name is only a key of the closed table `REBUILT`.
 */
import { CalendarDate, DateTime, Decimal, type PythonValue } from "../values.js";

/** The bytes are not a pickle of plain data. `message` names the kind of thing found, never a value. */
export class NotDataError extends Error {
  override readonly name = "NotDataError";
}

const MARK = Symbol("mark");
/** A class on the stack: what `REDUCE` will do with its arguments. */
type Rebuild = (argument: PythonValue) => PythonValue;
type Slot = PythonValue | typeof MARK | Rebuild;

/**
 * The callables that the host's pickler names, each with one argument. A text is Python's own; whether it fits the
 * contract (a decimal can be NaN, a date out of range) is for the check of the result to say.
 */
const REBUILT: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ["gateway_host.results.plain", (value) => value],
  ["decimal.Decimal", (text) => new Decimal(asText(text))],
  ["datetime.datetime", (text) => new DateTime(asText(text))],
  ["datetime.date", (text) => new CalendarDate(asText(text))],
]);

/** What an opcode that we refuse would have made, in words for the log. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x8f, "a set"],
  [0x91, "a frozenset"],
  [0x81, "an object"],
  [0x62, "an object"],
  [0x96, "a bytearray"],
  [0x97, "a buffer"],
]);

/**
 * The value of one pickle.
 * @throws NotDataError for anything but plain data, and for bytes that are no pickle
 */
export function readPickle(bytes: Uint8Array): PythonValue {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return run(input);
  } catch (error) {
    if (error instanceof RangeError)
      throw new NotDataError("a truncated or oversized pickle", { cause: error });
    throw error;
  }
}

function run(input: Buffer): PythonValue {
  const stack: Slot[] = [];
  let at = 0;
  const advance = (length: number): number => {
    const from = at;
    at += length;
    if (at > input.length) throw new NotDataError("a truncated pickle");
    return from;
  };
  const text = (length: number): string => {
    const from = advance(length);
    return input.toString("utf8", from, from + length);
  };
  const copy = (length: number): Uint8Array => {
    const from = advance(length);
    return new Uint8Array(input.subarray(from, from + length));
  };
  for (;;) {
    const op = input[advance(1)];
    switch (op) {
      case 0x80: // PROTO
        advance(1);
        break;
      case 0x95: // FRAME
        advance(8);
        break;
      case 0x94: // MEMOIZE: the host never refers back, so there is nothing to remember
        break;
      case 0x4e:
        stack.push(null);
        break;
      case 0x88:
        stack.push(true);
        break;
      case 0x89:
        stack.push(false);
        break;
      case 0x47: // BINFLOAT
        stack.push(input.readDoubleBE(advance(8)));
        break;
      case 0x4b: // BININT1
        stack.push(BigInt(input.readUInt8(advance(1))));
        break;
      case 0x4d: // BININT2
        stack.push(BigInt(input.readUInt16LE(advance(2))));
        break;
      case 0x4a: // BININT
        stack.push(BigInt(input.readInt32LE(advance(4))));
        break;
      case 0x8a: // LONG1
        stack.push(readLong(copy(input.readUInt8(advance(1)))));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(input.readUInt8(advance(1))));
        break;
      case 0x58: // BINUNICODE
        stack.push(text(input.readUInt32LE(advance(4))));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(copy(input.readUInt8(advance(1))));
        break;
      case 0x42: // BINBYTES
        stack.push(copy(input.readUInt32LE(advance(4))));
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE: a tuple is a list to callers
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x28:
        stack.push(MARK);
        break;
      case 0x61: // APPEND
        listOn(stack, 2).push(popValue(stack));
        break;
      case 0x65: {
        const items = popToMark(stack);
        const list = listOn(stack, 1);
        for (const item of items) list.push(item);
        break;
      }
      case 0x73: // SETITEM
        fill(stack, [popValue(stack), popValue(stack)].reverse());
        break;
      case 0x75: // SETITEMS
        fill(stack, popToMark(stack));
        break;
      case 0x85: // TUPLE1..TUPLE3
      case 0x86:
      case 0x87:
        stack.push(popSeveral(stack, op - 0x84));
        break;
      case 0x74: // TUPLE
        stack.push(popToMark(stack));
        break;
      case 0x93: {
        // STACK_GLOBAL
        const name = asText(popValue(stack));
        const module = asText(popValue(stack));
        const rebuild = REBUILT.get(`${module}.${name}`);
        if (rebuild === undefined) throw new NotDataError("an object");
        stack.push(rebuild);
        break;
      }
      case 0x52: {
        // REDUCE
        const args = popValue(stack);
        const rebuild = stack.pop();
        if (typeof rebuild !== "function" || !Array.isArray(args)) throw new NotDataError("an object");
        stack.push(rebuild(args[0] ?? null));
        break;
      }
      case 0x2e: {
        const result = popValue(stack);
        if (stack.length > 0 || at !== input.length)
          throw new NotDataError("a pickle with something left over");
        return result;
      }
      case undefined:
      default:
        throw new NotDataError(REFUSED.get(op ?? -1) ?? "something that is not data");
    }
  }
}

function asText(value: PythonValue): string {
  if (typeof value !== "string") throw new NotDataError("a broken pickle");
  return value;
}

function popValue(stack: Slot[]): PythonValue {
  const value = stack.pop();
  if (value === undefined || typeof value === "function" || typeof value === "symbol") {
    throw new NotDataError("a broken pickle");
  }
  return value;
}

function popSeveral(stack: Slot[], count: number): PythonValue[] {
  const values: PythonValue[] = [];
  for (let index = 0; index < count; index += 1) values.push(popValue(stack));
  return values.reverse();
}

function popToMark(stack: Slot[]): PythonValue[] {
  const from = stack.lastIndexOf(MARK);
  if (from < 0) throw new NotDataError("a broken pickle");
  const values = popSeveral(stack, stack.length - from - 1);
  stack.pop();
  return values;
}

function listOn(stack: Slot[], depth: number): PythonValue[] {
  const list = stack[stack.length - depth];
  if (!Array.isArray(list)) throw new NotDataError("a broken pickle");
  return list;
}

function fill(stack: Slot[], pairs: PythonValue[]): void {
  const dict = stack.at(-1);
  if (!(dict instanceof Map) || pairs.length % 2 !== 0) throw new NotDataError("a broken pickle");
  for (let index = 0; index < pairs.length; index += 2)
    dict.set(pairs[index] ?? null, pairs[index + 1] ?? null);
}

/** Two's complement, little-endian. */
function readLong(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}
