/**
 * The client's end of an HTTP/2 connection (RFC 9113) on a bare socket: node:http2 costs more processor time for a call
 * than the servers that are measured. It knows streams and bytes; what they mean is for its user to say.
 */
import { defer } from "../../src/deferred.js";
import type { Failure, Target } from "./connection.js";
import { createFrameReader, FLAG, FRAME, frame, withoutPadding, type OnFrame } from "./http2-frames.js";
import { createRequestWriter, type RequestWriter } from "./http2-window.js";
import { openSocket } from "./open-socket.js";

/** What the server did; the bytes are views, gone when the call returns. */
export interface SessionEvents {
  /** A whole header block; false when it cannot be read, which ends the session. */
  onHeaders(stream: number, block: Buffer, isLast: boolean): boolean;
  onData(stream: number, content: Buffer, isLast: boolean): void;
  onReset(stream: number): void;
  /** No later stream than `last` is going to be answered. */
  onGoAway(last: number): void;
  /** An open connection is of no use any more. Called once. */
  onEnd(failure: Failure): void;
}

export interface Session extends Pick<RequestWriter, "send"> {
  /** Bytes of the table of header fields that the server keeps. */
  readonly tableBytes: number;
  /** Tells the server that nobody waits for the answer. */
  cancel(stream: number): void;
  end(): void;
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const SETTING = { headerTableSize: 1, enablePush: 2, initialWindowSize: 4 } as const;
const STANDARD_TABLE_BYTES = 4096;
const MOST_WINDOW = 2 ** 31 - 1;
const STANDARD_WINDOW = 65_535;
/** The connection's window is opened again when so much of it has been used. */
const REPLENISH_BYTES = 2 ** 30;
const CANCEL_CODE = Buffer.of(0, 0, 0, 8);
const NOTHING = Buffer.alloc(0);

/**
 * Opens the connection and exchanges SETTINGS: no table for header fields in answers, and windows that never close.
 * @throws Error when nobody accepts the connection, or whoever does speaks no HTTP/2
 */
export async function openSession(
  { port, timeoutMs }: Pick<Target, "port" | "timeoutMs">,
  events: SessionEvents,
): Promise<Session> {
  const greeting = defer<ReadonlyMap<number, number>>();
  let isGreeted = false;
  let ended = false;
  let used = 0;
  /** Header fields that CONTINUATION frames go on with. */
  let unfinished: { readonly stream: number; readonly isLast: boolean; readonly parts: Buffer[] } | undefined;

  const end = (failure: Failure): void => {
    if (ended) return;
    ended = true;
    socket.destroy();
    clearTimeout(patience);
    greeting.reject(new Error(`The server on port ${port} speaks no HTTP/2.`));
    if (isGreeted) events.onEnd(failure);
  };
  const onHeaders = (flags: number, stream: number, payload: Buffer): boolean => {
    const block = withoutPadding(flags, payload, true);
    const isLast = (flags & FLAG.endStream) !== 0;
    if (block === undefined) return false;
    if ((flags & FLAG.endHeaders) !== 0) return events.onHeaders(stream, block, isLast);
    unfinished = { stream, isLast, parts: [Buffer.from(block)] };
    return true;
  };
  const onContinuation = (flags: number, payload: Buffer): boolean => {
    if (unfinished === undefined) return false;
    const { stream, isLast, parts } = unfinished;
    parts.push(Buffer.from(payload));
    if ((flags & FLAG.endHeaders) === 0) return true;
    unfinished = undefined;
    return events.onHeaders(stream, Buffer.concat(parts), isLast);
  };
  const onData = (flags: number, stream: number, payload: Buffer): boolean => {
    used += payload.length;
    if (used > REPLENISH_BYTES) {
      socket.write(windowUpdate(used));
      used = 0;
    }
    const content = withoutPadding(flags, payload, false);
    if (content === undefined) return false;
    events.onData(stream, content, (flags & FLAG.endStream) !== 0);
    return true;
  };
  const onFrame: OnFrame = (type, flags, stream, payload) => {
    // A header block is not to be interrupted.
    if (unfinished !== undefined && (type !== FRAME.continuation || stream !== unfinished.stream))
      return false;
    switch (type) {
      case FRAME.headers:
        return onHeaders(flags, stream, payload);
      case FRAME.continuation:
        return onContinuation(flags, payload);
      case FRAME.data:
        return onData(flags, stream, payload);
      case FRAME.settings: {
        if ((flags & FLAG.ack) !== 0) return true;
        const settings = readSettings(payload);
        const window = settings.get(SETTING.initialWindowSize);
        if (window !== undefined) writer.setInitialWindow(window);
        socket.write(frame(FRAME.settings, FLAG.ack, 0, NOTHING));
        greeting.resolve(settings);
        return true;
      }
      case FRAME.ping:
        if ((flags & FLAG.ack) === 0) socket.write(frame(FRAME.ping, FLAG.ack, 0, payload));
        return true;
      case FRAME.windowUpdate:
        if (payload.length !== 4) return false;
        writer.widen(stream, payload.readUInt32BE());
        return true;
      case FRAME.resetStream:
        events.onReset(stream);
        return true;
      case FRAME.goAway:
        if (payload.length < 8) return false;
        events.onGoAway(payload.readUInt32BE());
        return true;
      default:
        // Frames that nobody knows are to be ignored; a pushed answer is what the SETTINGS forbid.
        return type !== FRAME.pushPromise;
    }
  };

  const read = createFrameReader(onFrame);
  const socket = await openSocket(port, (chunk) => {
    if (!ended && !read(chunk)) end("malformed");
  });
  const patience = setTimeout(() => end("timeout"), timeoutMs);
  const writer = createRequestWriter(socket);
  for (const event of ["error", "end", "close"]) socket.on(event, () => end("reset"));
  socket.write(clientPreface());
  const settings = await greeting.promise;
  isGreeted = true;
  clearTimeout(patience);

  return {
    tableBytes: settings.get(SETTING.headerTableSize) ?? STANDARD_TABLE_BYTES,
    send: (stream, head, body) => writer.send(stream, head, body),
    cancel(stream) {
      writer.forget(stream);
      socket.write(frame(FRAME.resetStream, 0, stream, CANCEL_CODE));
    },
    end: () => end("reset"),
  };
}

function clientPreface(): Buffer {
  const pairs = [
    [SETTING.headerTableSize, 0],
    [SETTING.enablePush, 0],
    [SETTING.initialWindowSize, MOST_WINDOW],
  ] as const;
  const settings = Buffer.alloc(6 * pairs.length);
  for (const [index, [name, value]] of pairs.entries()) {
    settings.writeUInt16BE(name, 6 * index);
    settings.writeUInt32BE(value, 6 * index + 2);
  }
  const window = windowUpdate(MOST_WINDOW - STANDARD_WINDOW);
  return Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0, settings), window]);
}

function windowUpdate(bytes: number): Buffer {
  const increment = Buffer.alloc(4);
  increment.writeUInt32BE(bytes);
  return frame(FRAME.windowUpdate, 0, 0, increment);
}

function readSettings(payload: Buffer): ReadonlyMap<number, number> {
  const settings = new Map<number, number>();
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    settings.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  }
  return settings;
}
