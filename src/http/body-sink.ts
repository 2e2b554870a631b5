/** Where the bytes of a body go as they arrive: into memory as they are, or through gzip. */
import { createGunzip } from "node:zlib";
import { GatewayError } from "../errors.js";
import { createPieces } from "./byte-pieces.js";
import { HttpRefusal } from "./http-refusal.js";

export interface BodySink {
  take(chunk: Buffer): void;
  /** All has been taken. The whole body, unless it was refused. */
  finish(): Buffer | Promise<Buffer>;
  /** Nobody wants the body any more. */
  close(): void;
}

export interface SinkOptions {
  /** Largest body, in bytes after decompression. */
  readonly maxBytes: number;
  /** Most bytes that one byte of gzip may become, beyond a first part that is free. */
  readonly maxInflateRatio: number;
  /** Refuses the body, at any time until it is finished or closed. */
  readonly refuse: (error: GatewayError) => void;
  /** Counts bytes that are kept; refuses the body, and says false, when they are too many for the gateway. */
  readonly charge: (bytes: number) => boolean;
}

export function openPlainSink({ maxBytes, refuse, charge }: SinkOptions): BodySink {
  const pieces = createPieces();
  let length = 0;
  return {
    take(chunk) {
      length += chunk.length;
      if (length > maxBytes) refuse(tooLarge(maxBytes));
      else if (charge(chunk.length)) pieces.add(chunk);
    },
    finish: () => pieces.join(),
    close: () => pieces.clear(),
  };
}

/** Small messages of equal rows shrink the most and harm nobody: so many bytes are free of the ratio. */
const FREE_BYTES = 64 * 1024;
/** Output comes in pieces of this size, and is counted after each. */
const PIECE_BYTES = 64 * 1024;

/**
 * Inflates while the bytes arrive, in zlib's own threads, so that a body that grows too much is refused as soon as it
 * has: by then it has cost as many bytes as are allowed, however many it stands for.
 */
export function openGzipSink({ maxBytes, maxInflateRatio, refuse, charge }: SinkOptions): BodySink {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const pieces = createPieces();
  let taken = 0;
  let length = 0;
  let settle = (): void => undefined;

  gunzip.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > maxBytes) refuse(tooLarge(maxBytes));
    else if (length > FREE_BYTES && length > maxInflateRatio * taken) refuse(tooDense(maxInflateRatio));
    else if (charge(piece.length)) pieces.add(piece);
  });
  gunzip.on("error", (cause) => refuse(notGzip(cause)));
  gunzip.on("end", () => {
    // zlib stops at the end of its stream and says nothing of what comes after it, nor of a stream that never began.
    if (gunzip.bytesWritten < taken || taken === 0) refuse(notGzip());
    settle();
  });
  return {
    take(chunk) {
      taken += chunk.length;
      if (taken > maxBytes) refuse(tooLarge(maxBytes));
      else if (charge(chunk.length)) gunzip.write(chunk);
    },
    finish: () =>
      new Promise((resolve) => {
        settle = () => resolve(pieces.join());
        gunzip.end();
      }),
    close() {
      pieces.clear();
      gunzip.destroy();
    },
  };
}

export function tooLarge(maxBytes: number): GatewayError {
  const message = `The request is larger than ${maxBytes} bytes: send it in several smaller requests.`;
  return new HttpRefusal(413, "too_large", message);
}

function tooDense(ratio: number): GatewayError {
  const message = `The request becomes more than ${ratio} times as large when it is decompressed: send it without compression.`;
  return new HttpRefusal(413, "too_large", message);
}

function notGzip(cause?: unknown): GatewayError {
  const message = "The body of the request is not one whole gzip stream, as its Content-Encoding says.";
  return new GatewayError("invalid_input", message, cause === undefined ? {} : { cause });
}
