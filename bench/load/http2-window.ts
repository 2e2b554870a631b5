/** Sends requests on an HTTP/2 connection as its flow control allows (RFC 9113, section 5.2). */
import type { Socket } from "node:net";
import { FLAG, FRAME, frame, FRAME_HEAD_BYTES, MOST_FRAME_BYTES } from "./http2-frames.js";

export interface RequestWriter {
  /** Sends a request with its body, which is not empty, at once or as the server's windows open. */
  send(stream: number, head: Buffer, body: Buffer): void;
  /** The server's own window for every stream, from its SETTINGS. */
  setInitialWindow(bytes: number): void;
  /** WINDOW_UPDATE; stream 0 is the connection. */
  widen(stream: number, bytes: number): void;
  /** Nothing more is sent on this stream. */
  forget(stream: number): void;
}

interface Unsent {
  readonly body: Buffer;
  at: number;
  window: number;
}

const STANDARD_WINDOW = 65_535;
/** Where a frame's head holds the number of its stream. */
const STREAM_AT = 5;

export function createRequestWriter(socket: Pick<Socket, "write">): RequestWriter {
  let connectionWindow = STANDARD_WINDOW;
  let initialWindow = STANDARD_WINDOW;
  const unsent = new Map<number, Unsent>();

  const pump = (): void => {
    for (const [stream, one] of unsent) {
      while (one.at < one.body.length) {
        const length = Math.min(one.body.length - one.at, MOST_FRAME_BYTES, one.window, connectionWindow);
        if (length <= 0) break;
        const end = one.at + length;
        const flags = end === one.body.length ? FLAG.endStream : 0;
        socket.write(frame(FRAME.data, flags, stream, one.body.subarray(one.at, end)));
        one.at = end;
        one.window -= length;
        connectionWindow -= length;
      }
      if (one.at === one.body.length) unsent.delete(stream);
    }
  };

  return {
    send(stream, head, body) {
      const fits =
        body.length <= Math.min(connectionWindow, initialWindow, MOST_FRAME_BYTES) && unsent.size === 0;
      if (fits) {
        connectionWindow -= body.length;
        socket.write(wholeRequest(stream, head, body));
        return;
      }
      socket.write(withStream(Buffer.from(head), 0, stream));
      unsent.set(stream, { body, at: 0, window: initialWindow });
      pump();
    },
    setInitialWindow(bytes) {
      for (const one of unsent.values()) one.window += bytes - initialWindow;
      initialWindow = bytes;
      pump();
    },
    widen(stream, bytes) {
      const one = unsent.get(stream);
      if (stream === 0) connectionWindow += bytes;
      else if (one !== undefined) one.window += bytes;
      pump();
    },
    forget: (stream) => void unsent.delete(stream),
  };
}

/** HEADERS and DATA in one piece: one system call for a request. */
function wholeRequest(stream: number, head: Buffer, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + FRAME_HEAD_BYTES + body.length);
  bytes.set(head, 0);
  withStream(bytes, 0, stream);
  bytes.writeUIntBE(body.length, head.length, 3);
  bytes[head.length + 3] = FRAME.data;
  bytes[head.length + 4] = FLAG.endStream;
  withStream(bytes, head.length, stream);
  bytes.set(body, head.length + FRAME_HEAD_BYTES);
  return bytes;
}

function withStream(bytes: Buffer, at: number, stream: number): Buffer {
  bytes.writeUInt32BE(stream, at + STREAM_AT);
  return bytes;
}
