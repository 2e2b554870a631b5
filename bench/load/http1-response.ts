/**
 * Reads one HTTP/1.1 response from the bytes of a connection (RFC 9112): with Content-Length or chunked, nothing else.
 * A client library would cost more processor time than the servers that are measured.
 */

export interface Http1Response {
  readonly status: number;
  readonly body: Buffer;
  /** True when the server ends the connection behind this answer. */
  readonly closes: boolean;
  /** Bytes behind the response. */
  readonly rest: number;
}

const HEAD_END = Buffer.from("\r\n\r\n", "latin1");
const STATUS_LINE = /^HTTP\/1\.1 (\d{3})(?: |\r|$)/;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d{1,9}) *(?:\r\n|$)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked *(?:\r\n|$)/i;
const CLOSES = /\r\nconnection: *close *(?:\r\n|$)/i;
const CHUNK_SIZE = /^([\da-f]{1,8}) *(?:;.*)?$/i;
const MOST_HEAD_BYTES = 64 * 1024;

/** Takes the bytes of a connection as they come; what it gives out is a view, gone when the next bytes come. */
export function createHttp1Reader(): (chunk: Buffer) => ReturnType<typeof readHttp1Response> {
  let kept = Buffer.alloc(0);
  let size = 0;
  return (chunk) => {
    const whole = size === 0 ? readHttp1Response(chunk) : undefined;
    if (whole !== undefined) return whole;
    // A copy: the chunk's memory is used again for the next one. With room to spare, so that a long answer stays linear.
    if (size + chunk.length > kept.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (size + chunk.length));
      kept.copy(larger, 0, 0, size);
      kept = larger;
    }
    size += chunk.copy(kept, size);
    const response = readHttp1Response(kept.subarray(0, size));
    if (response !== undefined) size = 0;
    return response;
  };
}

/** The response, `undefined` while bytes are missing, `"malformed"` when no more bytes can make it one. */
export function readHttp1Response(bytes: Buffer): Http1Response | undefined | "malformed" {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return bytes.length > MOST_HEAD_BYTES ? "malformed" : undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = STATUS_LINE.exec(head)?.[1];
  if (status === undefined) return "malformed";
  const start = headEnd + HEAD_END.length;
  const read = CHUNKED.test(head) ? readChunks(bytes, start) : readLength(bytes, start, head);
  if (read === undefined || read === "malformed") return read;
  const { body, end } = read;
  return { status: Number(status), body, closes: CLOSES.test(head), rest: bytes.length - end };
}

interface Body {
  readonly body: Buffer;
  readonly end: number;
}

function readLength(bytes: Buffer, start: number, head: string): Body | undefined | "malformed" {
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined) return "malformed";
  const end = start + Number(length);
  return bytes.length < end ? undefined : { body: bytes.subarray(start, end), end };
}

function readChunks(bytes: Buffer, start: number): Body | undefined | "malformed" {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd < 0) return undefined;
    const hex = CHUNK_SIZE.exec(bytes.toString("latin1", at, lineEnd))?.[1];
    if (hex === undefined) return "malformed";
    const size = Number.parseInt(hex, 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return undefined;
    // No trailers: the last chunk is followed by the empty line at once, every other by the end of its line.
    if (bytes.toString("latin1", end, end + 2) !== "\r\n") return "malformed";
    if (size === 0) return { body: Buffer.concat(chunks), end: end + 2 };
    chunks.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
