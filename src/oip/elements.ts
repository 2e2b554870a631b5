/** The elements of a tensor one by one, in either of the forms in which they can be sent. Nothing is held beside the request. */
import { MalformedError, WIRE, WireReader, type Span } from "../grpc/wire-reader.js";
import { readUtf8 } from "../utf8.js";
import { DATATYPES, type Datatype, type Element } from "./datatypes.js";

/** One element is wrong; those behind it can be read. `message` is for the caller. */
export class ElementError extends Error {
  override readonly name = "ElementError";
}

/** A tensor cannot be read any further. `message` is for the caller. */
export class TensorError extends Error {
  override readonly name = "TensorError";
}

/** The elements of one tensor, in order. */
export interface Elements {
  /** The next one. @throws ElementError, TensorError when there is none, MalformedError */
  next(): Element;
  /** @throws TensorError when there are more, MalformedError */
  end(): void;
}

const TOO_FEW = "Has fewer elements than its shape says.";
const TOO_MANY = "Has more elements than its shape says.";
const NOT_TEXT = "Must be UTF-8 text.";

type RawReader = (bytes: Buffer, at: number) => Element;

const RAW_READERS = {
  BOOL: (bytes, at) => readBool(bytes[at] ?? 0),
  INT8: (bytes, at) => bytes.readInt8(at),
  INT16: (bytes, at) => bytes.readInt16LE(at),
  INT32: (bytes, at) => bytes.readInt32LE(at),
  INT64: (bytes, at) => bytes.readBigInt64LE(at),
  UINT8: (bytes, at) => bytes.readUInt8(at),
  UINT16: (bytes, at) => bytes.readUInt16LE(at),
  UINT32: (bytes, at) => bytes.readUInt32LE(at),
  UINT64: (bytes, at) => bytes.readBigUInt64LE(at),
  FP32: (bytes, at) => bytes.readFloatLE(at),
  FP64: (bytes, at) => bytes.readDoubleLE(at),
} as const satisfies Record<Exclude<Datatype, "BYTES">, RawReader>;

function readBool(byte: number): boolean {
  if (byte > 1) throw new ElementError("Must be 0 or 1.");
  return byte === 1;
}

/**
 * Raw contents (`raw_input_contents`): elements one behind the other, little endian; BYTES each behind its length.
 * @param count elements that the shape says there are
 * @throws TensorError when the length shows already that there are not
 */
export function rawElements(bytes: Buffer, { from, to }: Span, datatype: Datatype, count: number): Elements {
  if (datatype === "BYTES") return rawTexts(bytes, { from, to }, count);
  const { rawBytes } = DATATYPES[datatype];
  const read = RAW_READERS[datatype];
  if (to - from !== count * rawBytes) {
    throw new TensorError(`Must have ${rawBytes} bytes of raw content for each element of its shape.`);
  }
  let at = from;
  return {
    next() {
      if (at >= to) throw new TensorError(TOO_FEW);
      at += rawBytes;
      return read(bytes, at - rawBytes);
    },
    end: () => undefined,
  };
}

/** Bytes of the length before each element of BYTES. */
const LENGTH_BYTES = 4;

function rawTexts(bytes: Buffer, { from, to }: Span, count: number): Elements {
  if (to - from < count * LENGTH_BYTES) throw new TensorError(TOO_FEW);
  let at = from;
  return {
    next() {
      if (at + LENGTH_BYTES > to) throw new TensorError(TOO_FEW);
      const start = at + LENGTH_BYTES;
      at = start + bytes.readUInt32LE(at);
      if (at > to) throw new TensorError("Has an element that is longer than its raw content.");
      return textOf(readUtf8(bytes, start, at));
    },
    end() {
      if (at < to) throw new TensorError(TOO_MANY);
    },
  };
}

interface TypedReader {
  readonly wire: number;
  readonly read: (reader: WireReader) => Element;
}

const TYPED_READERS = {
  BOOL: { wire: WIRE.varint, read: (reader) => reader.bool() },
  INT8: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "INT8") },
  INT16: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "INT16") },
  INT32: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "INT32") },
  INT64: { wire: WIRE.varint, read: (reader) => reader.int64() },
  UINT8: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "UINT8") },
  UINT16: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "UINT16") },
  UINT32: { wire: WIRE.varint, read: (reader) => within(reader.int64AsNumber(), "UINT32") },
  UINT64: { wire: WIRE.varint, read: (reader) => BigInt.asUintN(64, reader.int64()) },
  FP32: {
    wire: WIRE.bit32,
    read: (reader) => {
      const { at } = reader;
      reader.skip(WIRE.bit32);
      return reader.bytes.readFloatLE(at);
    },
  },
  FP64: { wire: WIRE.bit64, read: (reader) => reader.double() },
  BYTES: { wire: WIRE.lengthDelimited, read: (reader) => textOf(reader.text()) },
} as const satisfies Record<Datatype, TypedReader>;

type Narrow = "INT8" | "INT16" | "INT32" | "UINT8" | "UINT16" | "UINT32";

/** Protobuf has no field for so few digits: what is beyond them is not of the datatype that its sender named. */
function within(value: number, datatype: Narrow): number {
  const [smallest, largest] = DATATYPES[datatype].range;
  if (value >= smallest && value <= largest) return value;
  throw new ElementError(`Is outside the range of ${datatype}.`);
}

function textOf(text: string | undefined): string {
  if (text === undefined) throw new ElementError(NOT_TEXT);
  return text;
}

/** Contents in the field of `InferTensorContents` for their datatype, packed or not. */
export function typedElements(bytes: Buffer, contents: Span, datatype: Datatype, count: number): Elements {
  // Each element takes a byte at least: a shape of millions is refused before anything is made for it.
  if (contents.to - contents.from < count) throw new TensorError(TOO_FEW);
  const { wire, read } = TYPED_READERS[datatype];
  const field = DATATYPES[datatype].contents;
  const reader = new WireReader(bytes);
  reader.turnTo(contents);
  let packedTo: number | undefined;
  /** Whether the reader stands before an element. */
  const advance = (): boolean => {
    for (;;) {
      if (packedTo !== undefined) {
        if (reader.at < packedTo) return true;
        reader.turnTo({ from: packedTo, to: contents.to });
        packedTo = undefined;
      }
      if (reader.at >= contents.to) return false;
      const tag = reader.tag();
      if (tag >>> 3 !== field) throw new TensorError(`Has contents that are not of ${datatype}.`);
      if ((tag & 7) === wire) return true;
      if ((tag & 7) !== WIRE.lengthDelimited) throw new MalformedError();
      const packed = reader.span();
      reader.turnTo(packed);
      packedTo = packed.to;
    }
  };
  return {
    next() {
      if (!advance()) throw new TensorError(TOO_FEW);
      return read(reader);
    },
    end() {
      if (advance()) throw new TensorError(TOO_MANY);
    },
  };
}
