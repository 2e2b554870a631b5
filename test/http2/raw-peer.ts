/** A client that sends what a test wants, in bytes, and keeps what it gets, in frames. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export const Type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flags = { end: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** The bytes of one frame. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** A number in four bytes. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function setting(identifier: number, value: number): Buffer {
  return Buffer.concat([Buffer.of(identifier >> 8, identifier & 0xff), word(value)]);
}

/** A header block of literals, without Huffman code and without the tables (RFC 7541, 6.2.2). */
export function literals(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const { length } = bytes;
  if (length < 127) return Buffer.concat([Buffer.of(length), bytes]);
  const rest = length - 127;
  assert.ok(rest < 1 << 21);
  return Buffer.concat([Buffer.of(127, (rest & 127) | 128, ((rest >> 7) & 127) | 128, rest >> 14), bytes]);
}

export const REQUEST = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/echo"],
  [":authority", "localhost"],
] as const;

/** HEADERS of a request, ended unless flags say otherwise. */
export function request(
  streamId: number,
  flags: number = Flags.end,
  more: readonly [string, string][] = [],
): Buffer {
  return frame(Type.headers, flags | Flags.endHeaders, streamId, literals([...REQUEST, ...more]));
}

/** Cuts bytes into frames, as far as they are whole. */
export function framesIn(bytes: Buffer): { readonly frames: RawFrame[]; readonly rest: Buffer } {
  const frames: RawFrame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      streamId: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

export interface RawPeer {
  readonly socket: Socket;
  /** All that was received. */
  readonly frames: RawFrame[];
  send(...frames: readonly Uint8Array[]): void;
  /** The first frame, received or to be received, that fits; fails when the connection closes without one. */
  next(fits: (frame: RawFrame) => boolean): Promise<RawFrame>;
  /** Waits until the server has closed; the code of its last GOAWAY, `undefined` without one. */
  ending(): Promise<number | undefined>;
}

/** Connects without a word. */
export async function connectBare(t: TestContext, port: number): Promise<RawPeer> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const frames: RawFrame[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((check) => check());
  let rest = Buffer.alloc(0);
  let isClosed = false;
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    const cut = framesIn(Buffer.concat([rest, chunk]));
    rest = Buffer.from(cut.rest);
    frames.push(...cut.frames);
    wake();
  });
  socket.on("close", () => {
    isClosed = true;
    wake();
  });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return {
    socket,
    frames,
    send: (...parts) => void socket.write(Buffer.concat(parts)),
    next: (fits) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = frames.find(fits);
          if (found !== undefined) resolve(found);
          else if (isClosed) reject(new Error("the connection closed without the frame"));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    async ending() {
      if (!isClosed) await once(socket, "close");
      const last = frames.filter(({ type }) => type === Type.goAway).at(-1);
      return last?.payload.readUInt32BE(4);
    },
  };
}

/** Connects, and exchanges settings. */
export async function connectRaw(
  t: TestContext,
  port: number,
  settings: Uint8Array = Buffer.alloc(0),
): Promise<RawPeer> {
  const peer = await connectBare(t, port);
  peer.send(PREFACE, frame(Type.settings, 0, 0, settings), frame(Type.settings, Flags.ack, 0));
  await peer.next(({ type, flags }) => type === Type.settings && flags === Flags.ack);
  return peer;
}

/** Fits the frame that ends a stream, whatever it is. */
export function endOf(streamId: number): (frame: RawFrame) => boolean {
  return ({ type, flags, streamId: id }) =>
    id === streamId &&
    (type === Type.reset || ((type === Type.data || type === Type.headers) && (flags & 1) !== 0));
}

/** Fits RST_STREAM of a stream. */
export function resetOf(streamId: number): (frame: RawFrame) => boolean {
  return ({ type, streamId: id }) => type === Type.reset && id === streamId;
}

/** The name of an error code, for messages that say what happened. */
export function nameOf(code: number | undefined): string {
  return Object.entries(ErrorCode).find(([, value]) => value === code)?.[0] ?? String(code);
}

/** Sends frames until the server has had enough; 20000 would be too many. */
export async function flood(peer: RawPeer, frames: (round: number) => Buffer[]): Promise<number | undefined> {
  for (let round = 0; round < 20_000 && !peer.socket.destroyed; round += 100) {
    const batch = Array.from({ length: 100 }, (_, at) => frames(round + at)).flat();
    if (!peer.socket.write(Buffer.concat(batch))) {
      await Promise.race([once(peer.socket, "drain"), once(peer.socket, "close")]).catch(() => undefined);
    }
    if (peer.frames.some(({ type }) => type === Type.goAway)) break;
  }
  return peer.ending();
}

/** The number of the nth stream of a connection, from 0 on. */
export function idOf(nth: number): number {
  return 2 * nth + 1;
}
