/**
 * Reads the part of pickle protocol 4 that is plain data. The writer is Python's own pickler in the host process,
 * but an artifact can write to the host's descriptors too, so every byte is checked and nothing is ever called:
 * a class name is only a key of the closed table `REBUILT`.
 */
import { CalendarDate, DateTime, Decimal, type PythonValue } from "../values.js";
import { NotDataError, PickleInput } from "./pickle-input.js";

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
  try {
    return run(new PickleInput(bytes), [], []);
  } catch (error) {
    if (error instanceof RangeError)
      throw new NotDataError("a truncated or oversized pickle", { cause: error });
    throw error;
  }
}

/** @param marks where the marks stand on the stack */
function run(input: PickleInput, stack: Slot[], marks: number[]): PythonValue {
  for (;;) {
    const op = input.uint8();
    switch (op) {
      case 0x80: // PROTO
        input.skip(1);
        break;
      case 0x95: // FRAME
        input.skip(8);
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
        stack.push(input.double());
        break;
      case 0x4b: // BININT1
        stack.push(BigInt(input.uint8()));
        break;
      case 0x4d: // BININT2
        stack.push(BigInt(input.uint16()));
        break;
      case 0x4a: // BININT
        stack.push(BigInt(input.int32()));
        break;
      case 0x8a: // LONG1
        stack.push(input.long(input.uint8()));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(input.text(input.uint8()));
        break;
      case 0x58: // BINUNICODE
        stack.push(input.text(input.uint32()));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(input.copy(input.uint8()));
        break;
      case 0x42: // BINBYTES
        stack.push(input.copy(input.uint32()));
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE: a tuple is a list to callers
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x28:
        marks.push(stack.length);
        stack.push(MARK);
        break;
      case 0x61: // APPEND
        append(stack, stack.length - 1, stack.length - 1);
        break;
      case 0x65: {
        // APPENDS
        const mark = takeMark(marks);
        append(stack, mark, mark + 1);
        break;
      }
      case 0x73: // SETITEM
        fill(stack, stack.length - 2, stack.length - 2);
        break;
      case 0x75: {
        // SETITEMS
        const mark = takeMark(marks);
        fill(stack, mark, mark + 1);
        break;
      }
      case 0x85: // TUPLE1..TUPLE3
      case 0x86:
      case 0x87: {
        const first = stack.length - (op - 0x84);
        stack.push(takeTuple(stack, first, first));
        break;
      }
      case 0x74: {
        // TUPLE
        const mark = takeMark(marks);
        stack.push(takeTuple(stack, mark, mark + 1));
        break;
      }
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
        if (stack.length > 0 || !input.isAtEnd) throw new NotDataError("a pickle with something left over");
        return result;
      }
      default:
        throw new NotDataError(REFUSED.get(op) ?? "something that is not data");
    }
  }
}

function asText(value: PythonValue): string {
  if (typeof value !== "string") throw new NotDataError("a broken pickle");
  return value;
}

function popValue(stack: Slot[]): PythonValue {
  return asValue(stack.pop());
}

/** What stands on the stack, when it is a value and not a mark, a class or nothing. */
function asValue(slot: Slot | undefined): PythonValue {
  if (slot === undefined || typeof slot === "function" || typeof slot === "symbol") {
    throw new NotDataError("a broken pickle");
  }
  return slot;
}

function takeMark(marks: number[]): number {
  const mark = marks.pop();
  if (mark === undefined) throw new NotDataError("a broken pickle");
  return mark;
}

/** Adds the values from `first` on to the list before `end`, and leaves the stack `end` long. */
function append(stack: Slot[], end: number, first: number): void {
  const list = stack[end - 1];
  if (!Array.isArray(list)) throw new NotDataError("a broken pickle");
  for (let index = first; index < stack.length; index += 1) list.push(asValue(stack[index]));
  shorten(stack, end);
}

/** Adds the pairs from `first` on to the dict before `end`, and leaves the stack `end` long. */
function fill(stack: Slot[], end: number, first: number): void {
  const dict = stack[end - 1];
  if (!(dict instanceof Map) || (stack.length - first) % 2 !== 0) throw new NotDataError("a broken pickle");
  for (let index = first; index < stack.length; index += 2) {
    dict.set(asValue(stack[index]), asValue(stack[index + 1]));
  }
  shorten(stack, end);
}

/** The values from `first` on as a list; leaves the stack `end` long. */
function takeTuple(stack: Slot[], end: number, first: number): PythonValue[] {
  const values: PythonValue[] = [];
  for (let index = first; index < stack.length; index += 1) values.push(asValue(stack[index]));
  shorten(stack, end);
  return values;
}

/** Popping is faster than setting the length. */
function shorten(stack: Slot[], length: number): void {
  while (stack.length > length) stack.pop();
}
