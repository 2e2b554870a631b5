/**
 * `google.rpc.Status` with the details that the gateway sends (google/rpc/status.proto, error_details.proto), written by
 * hand: a gateway that is overloaded writes one for every call that it turns away, and the general way through descriptors
 * costs nine times as much. Bytes are kept as text of which every character is one byte, because joining short texts is the
 * cheapest way to put messages into one another.
 */

/** A detail of a status, as `google.protobuf.Any`; its content is text of bytes. Made by the functions below alone. */
export interface Detail {
  readonly type: "google.rpc.ErrorInfo" | "google.rpc.BadRequest" | "google.rpc.RetryInfo";
  readonly content: string;
}

export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

const TYPE_URL = "type.googleapis.com/";
const ASCII = /^[\0-\x7f]*$/;
const NANOS_PER_MS = 1_000_000;

/**
 * The message in bytes.
 * @param code from 1 up to 16
 * @param message of `Status`; like every text here it is written as UTF-8
 */
export function writeStatus(code: number, message: string, details: readonly Detail[]): Buffer {
  let status = number(1, code) + text(2, message);
  for (const { type, content } of details) status += part(3, text(1, TYPE_URL + type) + bytes(2, content));
  return Buffer.from(status, "latin1");
}

export function errorInfo({ reason, domain, metadata }: ErrorInfo): Detail {
  let content = text(1, reason) + text(2, domain);
  for (const [key, value] of metadata) content += part(3, part(1, utf8(key)) + part(2, utf8(value)));
  return { type: "google.rpc.ErrorInfo", content };
}

export function badRequest(violations: readonly FieldViolation[]): Detail {
  let content = "";
  for (const { field, description } of violations) content += part(1, text(1, field) + text(2, description));
  return { type: "google.rpc.BadRequest", content };
}

/** @param retryAfterMs whole milliseconds, less than 2^31 seconds of them */
export function retryInfo(retryAfterMs: number): Detail {
  const seconds = number(1, Math.floor(retryAfterMs / 1000));
  const nanos = number(2, (retryAfterMs % 1000) * NANOS_PER_MS);
  return { type: "google.rpc.RetryInfo", content: part(1, seconds + nanos) };
}

/** A field of proto3 without presence: nothing where it is empty, which is its default. */
function text(field: number, value: string): string {
  return value === "" ? "" : part(field, utf8(value));
}

function bytes(field: number, content: string): string {
  return content === "" ? "" : part(field, content);
}

function number(field: number, value: number): string {
  return value === 0 ? "" : String.fromCharCode(field << 3) + varint(value);
}

/** A field of wire type 2, length-delimited. */
function part(field: number, content: string): string {
  return String.fromCharCode((field << 3) | 2) + varint(content.length) + content;
}

/** @param value from 0 up to 2^31 - 1 */
function varint(value: number): string {
  let written = "";
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) written += String.fromCharCode((rest & 0x7f) | 0x80);
  return written + String.fromCharCode(rest);
}

function utf8(value: string): string {
  return ASCII.test(value) ? value : Buffer.from(value, "utf8").toString("latin1");
}
