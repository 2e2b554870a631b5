/**
 * Header blocks that a server sends, encoded once and used for any number of streams on any connection: they refer to
 * the static table alone (RFC 7541, 6.1 and 6.2.2), so that no decoder has to remember anything.
 */
import { makeField } from "./field.js";
import { findStatic } from "./hpack-tables.js";

/** Name, in lower case, and value, in ISO 8859-1. */
export type FieldPair = readonly [name: string, value: string];

/** The head of a response. Made by `encodeHead` alone. */
export interface ResponseHead {
  readonly part: "head";
  readonly block: Buffer;
}

/** A head that another one follows. */
export interface InterimHead {
  readonly part: "interim head";
  readonly block: Buffer;
}

/** The trailers of a response. Made by `encodeTrailers` alone. */
export interface Trailers {
  readonly part: "trailers";
  readonly block: Buffer;
}

/** Where a block is written before it has its own memory. It is never used across calls. */
let scratch = Buffer.allocUnsafeSlow(1024);
let end = 0;

/** The interim head that asks for the body of a request (RFC 9110, 15.2.1). */
export const CONTINUE: InterimHead = { part: "interim head", block: encodeInterim(100) };

function encodeInterim(status: number): Buffer {
  end = 0;
  writeField(":status", String(status));
  return encode([]);
}

/** @throws TypeError for a field that HTTP/2 forbids, and for a status that is not final */
export function encodeHead(status: number, fields: readonly FieldPair[]): ResponseHead {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError("The status of a response is from 200 up to 599.");
  }
  end = 0;
  writeField(":status", String(status));
  return { part: "head", block: encode(fields) };
}

/** @throws TypeError for a field that HTTP/2 forbids */
export function encodeTrailers(fields: readonly FieldPair[]): Trailers {
  end = 0;
  return { part: "trailers", block: encode(fields) };
}

/** @returns what was written before, and these fields */
function encode(fields: readonly FieldPair[]): Buffer {
  for (const [name, value] of fields) {
    if (name.startsWith(":") || makeField(name, value).kind === "malformed") {
      throw new TypeError(`The response field ${JSON.stringify(name)} is not allowed in HTTP/2.`);
    }
    writeField(name, value);
  }
  return Buffer.from(scratch.subarray(0, end));
}

function writeField(name: string, value: string): void {
  // Each of the three integers has five bytes at most.
  if (scratch.length - end < name.length + value.length + 15) {
    const larger = Buffer.allocUnsafeSlow(2 * (scratch.length + name.length + value.length));
    scratch.copy(larger, 0, 0, end);
    scratch = larger;
  }
  const { index, isWhole } = findStatic(name, value);
  if (isWhole) {
    writeInteger(index, 0x80, 0x7f);
    return;
  }
  writeInteger(index, 0, 0x0f);
  if (index === 0) writeString(name);
  writeString(value);
}

function writeString(text: string): void {
  writeInteger(text.length, 0, 0x7f);
  end += scratch.write(text, end, "latin1");
}

/** @param pattern the bits of the first byte in front of the integer, whose bits are `prefix` (RFC 7541, 5.1) */
function writeInteger(value: number, pattern: number, prefix: number): void {
  if (value < prefix) {
    scratch[end] = pattern | value;
    end += 1;
    return;
  }
  scratch[end] = pattern | prefix;
  end += 1;
  let rest = value - prefix;
  for (; rest >= 0x80; rest >>>= 7) {
    scratch[end] = (rest & 0x7f) | 0x80;
    end += 1;
  }
  scratch[end] = rest;
  end += 1;
}
