/** Reads the body of an HTTP request into memory: bounded in bytes and in time, and always settled. */
import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors.js";

export interface ReadBodyOptions {
  /** Largest body that is accepted, in bytes. */
  readonly maxBytes: number;
  /** Milliseconds within which the whole body must have arrived. */
  readonly timeoutMs: number;
}

/**
 * The whole body, whether its length was declared or it came in chunks.
 *
 * A body over the limit is refused, but as much again is read and thrown away first: a caller that is still sending
 * when the connection closes sees a broken connection and never the reply that says why.
 * @throws GatewayError `too_large`; `unsupported` for a `Content-Encoding`; `deadline_exceeded` for a body that
 * came too slowly; `invalid_input` when the connection ended before the body did
 */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<Buffer> {
  const body = await collect(request, options);
  const coding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (coding !== "" && coding !== "identity") {
    throw new GatewayError(
      "unsupported",
      "The Content-Encoding of the request is not supported: send the body without compression.",
    );
  }
  return body;
}

function collect(request: IncomingMessage, options: ReadBodyOptions): Promise<Buffer> {
  const { maxBytes, timeoutMs } = options;
  if (Number(request.headers["content-length"] ?? 0) > 2 * maxBytes)
    return Promise.reject(tooLarge(maxBytes));
  if (request.destroyed && !request.complete) return Promise.reject(cutShort());
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;

    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      request.pause();
      finish();
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else chunks = [];
      if (length > 2 * maxBytes) settle(() => reject(tooLarge(maxBytes)));
    };
    const onEnd = (): void => {
      settle(() => (length > maxBytes ? reject(tooLarge(maxBytes)) : resolve(joined(chunks, length))));
    };
    const onClose = (): void => settle(() => reject(cutShort()));
    const timer = setTimeout(() => settle(() => reject(tooSlow(timeoutMs))), timeoutMs);

    // Without a listener an aborted request would be an uncaught error; "close" always follows and settles.
    request.on("error", ignore);
    request.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

/** A short body comes in one piece. */
function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, length);
}

function ignore(): void {
  return undefined;
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError(
    "too_large",
    `The request is larger than ${maxBytes} bytes: send it in several smaller requests.`,
  );
}

function tooSlow(timeoutMs: number): GatewayError {
  return new GatewayError("deadline_exceeded", `The request did not arrive within ${timeoutMs} ms.`);
}

function cutShort(): GatewayError {
  return new GatewayError("invalid_input", "The connection ended before the whole request had arrived.");
}
