/** The bytes of a unary gRPC request on an HTTP/2 connection, built once and sent again and again. */
import type { Target } from "./connection.js";
import { FLAG, FRAME, frame } from "./http2-frames.js";

export interface GrpcRequest {
  /** HEADERS of the first request on a connection, for stream 0: whoever sends it writes the number. */
  readonly firstHead: Buffer;
  /** HEADERS of every later request: where the server keeps a table, its fields are entries there by then. */
  readonly head: Buffer;
  /** The message behind its prefix. */
  readonly body: Buffer;
}

/** Compressed flag and length before every message. */
export const PREFIX_BYTES = 5;

/** Entries of HPACK's static table. */
const POST = 0x83;
const SCHEME_HTTP = 0x86;
const AUTHORITY = 1;
const PATH = 4;
const CONTENT_TYPE = 31;
/** The dynamic table begins behind the static one; its newest entry is the first. */
const NEWEST = 62;

/** A table of this size, which is the standard one, holds all fields of a request. */
const ENOUGH_TABLE_BYTES = 4096;

/**
 * @param tableBytes of the server's table of header fields. The fields are put into it and named from then on, as
 *   gRPC clients do; where it is too small every request spells them out, behind the word that it is not used
 */
export function grpcRequest({ port, path, payload }: Target, tableBytes: number): GrpcRequest {
  const usesTable = tableBytes >= ENOUGH_TABLE_BYTES;
  const fields = [
    literal(usesTable, PATH, path),
    literal(usesTable, AUTHORITY, `127.0.0.1:${port}`),
    literal(usesTable, CONTENT_TYPE, "application/grpc"),
    literal(usesTable, "te", "trailers"),
  ];
  const spelled = Buffer.concat([Buffer.of(POST, SCHEME_HTTP), ...fields]);
  const named = Buffer.of(
    POST,
    SCHEME_HTTP,
    ...fields.map((_, index) => 0x80 | (NEWEST + fields.length - 1 - index)),
  );
  const emptyTable = Buffer.of(0x20);
  const headers = (block: Buffer): Buffer => frame(FRAME.headers, FLAG.endHeaders, 0, block);
  return {
    firstHead: headers(usesTable ? spelled : Buffer.concat([emptyTable, spelled])),
    head: headers(usesTable ? named : spelled),
    body: withPrefix(payload),
  };
}

function literal(isKept: boolean, name: number | string, value: string): Buffer {
  const kind = isKept ? 0x40 : 0;
  const nameBytes = typeof name === "number" ? hpackInteger(kind, isKept ? 6 : 4, name) : Buffer.of(kind);
  return Buffer.concat([nameBytes, ...(typeof name === "string" ? [text(name)] : []), text(value)]);
}

function text(value: string): Buffer {
  return Buffer.concat([hpackInteger(0, 7, value.length), Buffer.from(value, "latin1")]);
}

function hpackInteger(first: number, prefixBits: number, value: number): Buffer {
  const most = 2 ** prefixBits - 1;
  if (value < most) return Buffer.of(first | value);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push(0x80 | (rest % 0x80));
  return Buffer.of(...bytes, rest);
}

/** A message as it travels: not compressed, its length, itself. */
export function withPrefix(payload: Uint8Array): Buffer {
  const message = Buffer.alloc(PREFIX_BYTES + payload.length);
  message.writeUInt32BE(payload.length, 1);
  message.set(payload, PREFIX_BYTES);
  return message;
}
