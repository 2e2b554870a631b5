/**
 * A body with gzip, in pieces: it becomes what the whole stream says, or is refused, and no more is kept on the way than
 * a body may hold. What a stream says is found member by member (RFC 1952), by raw inflation alone.
 */
import assert from "node:assert/strict";
import { constants, crc32, gzipSync, inflateRawSync } from "node:zlib";
import { openGzipSink } from "../../../src/http/body-sink.js";
import { GatewayError } from "../../../src/errors.js";
import type { FuzzTarget } from "../fuzz-target.js";

const MAX_BYTES = 200_000;
const MAX_RATIO = 200;
/** What is free of the ratio, as `maxInflateRatio` says. */
const FREE_BYTES = 64 * 1024;
/** A piece is some work for zlib's threads, however short: binary logarithm of the most that a body comes in. */
const MOST_PIECES_LOG2 = 6;
/** What zlib has in hand at once. */
const PIECE_BYTES = 64 * 1024;

export function openInflate(): FuzzTarget {
  const text = Buffer.from("<row><amount>10.00</amount></row>".repeat(40));
  const members = [
    gzipSync(text),
    gzipSync(text, { level: 0 }),
    gzipSync(text, { strategy: constants.Z_FIXED }),
    gzipSync(Buffer.alloc(0)),
    gzipSync(Buffer.alloc(FREE_BYTES)),
    gzipSync(Buffer.alloc(MAX_BYTES)),
    gzipSync(Buffer.alloc(10_000_000)),
    withHeader(gzipSync(text)),
  ];
  const [first = text, stored = text] = members;
  return {
    // The first byte says how long the pieces are.
    seeds: [...members, Buffer.concat([first, stored]), Buffer.concat([first, Buffer.alloc(8)])].map(
      (bytes, index) => Buffer.concat([Buffer.from([index]), bytes]),
    ),
    words: [
      ...members.filter(({ length }) => length < 2000),
      ...[
        [0x1f, 0x8b],
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
        [0],
        [0xff],
        [0x1f],
        [1, 0, 0, 0xff, 0xff],
        [3, 0],
      ].map((bytes) => Uint8Array.from(bytes)),
      ...[...Array(16).keys()].map((flags) => Uint8Array.from([0x1f, 0x8b, 8, flags * 2, 0, 0, 0, 0, 0, 3])),
      first.subarray(-8),
      "name\0",
    ],
    close: () => Promise.resolve(),
    async run(input) {
      const bytes = Buffer.from(input.subarray(1));
      const expected = membersOf(bytes);
      const taken = await take(bytes, Math.max(1 + (input[0] ?? 0) ** 2, bytes.length >> MOST_PIECES_LOG2));
      if (taken instanceof GatewayError) {
        assert.match(taken.code, /^(invalid_input|too_large)$/);
        const isSmall = expected !== undefined && expected.length <= FREE_BYTES;
        assert.ok(!isSmall, "a small body that is whole is refused");
        return;
      }
      assert.ok(expected !== undefined, "what is no gzip stream is taken");
      assert.ok(expected.equals(taken), "the body is another");
      assert.ok(taken.length <= MAX_BYTES, "the body is too large");
      assert.ok(
        taken.length <= FREE_BYTES || taken.length <= MAX_RATIO * bytes.length,
        "the body is too dense",
      );
    },
  };
}

/** What becomes of a body that arrives in pieces. */
async function take(bytes: Buffer, pieceLength: number): Promise<Buffer | GatewayError> {
  let kept = 0;
  let settle: (refusal: GatewayError) => void = () => undefined;
  let refusal: GatewayError | undefined;
  const refused = new Promise<GatewayError>((resolve) => (settle = resolve));
  const sink = openGzipSink({
    maxBytes: MAX_BYTES,
    maxInflateRatio: MAX_RATIO,
    refuse(error) {
      refusal ??= error;
      sink.close();
      settle(error);
    },
    charge(length) {
      if (refusal !== undefined) return false;
      kept += length;
      return true;
    },
  });
  for (let at = 0; at < bytes.length && refusal === undefined; at += pieceLength) {
    sink.take(bytes.subarray(at, at + pieceLength));
  }
  const outcome = refusal ?? (await Promise.race([refused, Promise.resolve(sink.finish())]));
  assert.ok(kept <= bytes.length + MAX_BYTES + PIECE_BYTES, "more is kept than a body may hold");
  return refusal ?? outcome;
}

/** The content of all members; `undefined` when one is not whole, something follows, or there is none. */
function membersOf(bytes: Buffer): Buffer | undefined {
  const contents: Buffer[] = [];
  for (let rest = bytes; rest.length > 0 || contents.length === 0;) {
    const start = headerLength(rest);
    if (start === undefined) return undefined;
    const inflated = inflate(rest.subarray(start));
    if (inflated === undefined) return undefined;
    const { content, length } = inflated;
    const trailer = rest.subarray(start + length, start + length + 8);
    if (trailer.length < 8 || trailer.readUInt32LE(0) !== crc32(content)) return undefined;
    if (trailer.readUInt32LE(4) !== content.length) return undefined;
    contents.push(content);
    rest = rest.subarray(start + length + 8);
  }
  return Buffer.concat(contents);
}

interface Inflated {
  readonly content: Buffer;
  /** How many bytes it was made from. */
  readonly length: number;
}

/** Node's own types do not know what `info` brings. */
function inflate(bytes: Uint8Array): Inflated | undefined {
  let result: unknown;
  try {
    result = inflateRawSync(bytes, { info: true, maxOutputLength: MAX_BYTES + 1 });
  } catch {
    return undefined;
  }
  assert.ok(typeof result === "object" && result !== null && "buffer" in result && "engine" in result);
  const { buffer, engine } = result;
  assert.ok(typeof engine === "object" && engine !== null && "bytesWritten" in engine);
  assert.ok(Buffer.isBuffer(buffer) && typeof engine.bytesWritten === "number");
  return { content: buffer, length: engine.bytesWritten };
}

const HAS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** RFC 1952, section 2.3; `undefined` when there is no whole header. */
function headerLength(bytes: Buffer): number | undefined {
  const [first, second, method, flags = HAS.reserved] = bytes;
  if (first !== 0x1f || second !== 0x8b || method !== 8 || (flags & HAS.reserved) !== 0) return undefined;
  let at = 10;
  if ((flags & HAS.extra) !== 0) {
    if (bytes.length < at + 2) return undefined;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [HAS.name, HAS.comment]) {
    if ((flags & flag) === 0) continue;
    const end = at > bytes.length ? -1 : bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & HAS.headerCrc) !== 0) {
    if (bytes.length < at + 2) return undefined;
    if (bytes.readUInt16LE(at) !== (crc32(bytes.subarray(0, at)) & 0xffff)) return undefined;
    at += 2;
  }
  return at <= bytes.length ? at : undefined;
}

/** The same member with every optional part of a header. */
function withHeader(member: Buffer): Buffer {
  const head = Buffer.from(member.subarray(0, 10));
  head[3] = HAS.headerCrc | HAS.extra | HAS.name | HAS.comment;
  const parts = Buffer.concat([head, Buffer.from([3, 0, 1, 2, 3]), Buffer.from("name\0comment\0")]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc32(parts) & 0xffff);
  return Buffer.concat([parts, check, member.subarray(10)]);
}
