/** How a gRPC call lies on an HTTP/2 stream (gRPC over HTTP/2): its fields, the prefix of a message, its status. */
import { fieldValue, type Field } from "../http2/field.js";
import { encodeTrailers, type FieldPair } from "../http2/header-block.js";
import type { CallStatus } from "./status.js";

/** Bytes before a message: whether it is compressed, and its length (gRPC over HTTP/2, Length-Prefixed-Message). */
export const PREFIX_BYTES = 5;

export const CONTENT_TYPE: FieldPair = ["content-type", "application/grpc+proto"];
export const OK_TRAILERS = encodeTrailers([["grpc-status", "0"]]);

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set(["application/grpc", "application/grpc+proto"]);
const TIMEOUT = /^(\d{1,8})([HMSmun])$/;
const MS_PER_UNIT: ReadonlyMap<string | undefined, number> = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1000],
  ["m", 1],
  ["u", 1e-3],
  ["n", 1e-6],
]);

/** `application/grpc-web` is another protocol: it is framed otherwise. */
const GRPC_TYPE = /^application\/grpc(?:$|[+; \t])/i;

/** Whether a stream is gRPC at all, by its media type. */
export function isGrpc(fields: readonly Field[]): boolean {
  return GRPC_TYPE.test(fieldValue(fields, "content-type") ?? "");
}

/** Whether a stream uses no more of gRPC than the roads of our own know: no compression, and a plain timeout. */
export function isPlainCall(fields: readonly Field[]): boolean {
  const encoding = fieldValue(fields, "grpc-encoding");
  const timeout = fieldValue(fields, "grpc-timeout");
  return (
    fieldValue(fields, ":method") === "POST" &&
    PLAIN_TYPES.has(fieldValue(fields, "content-type")) &&
    (encoding === undefined || encoding === "identity") &&
    (timeout === undefined || TIMEOUT.test(timeout))
  );
}

/** Milliseconds of a `grpc-timeout`; `undefined` when there is none. */
export function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = TIMEOUT.exec(text) ?? [];
  return Number(amount) * (MS_PER_UNIT.get(unit) ?? 0);
}

/** The value of a field that was sent once. */
export function onlyOf(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

export function withPrefix(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

/** The fields that say how a call failed: trailers, or part of a head that is the whole response. */
export function statusFields({ code, details, trailers }: Omit<CallStatus, "rich">): FieldPair[] {
  return [
    ["grpc-status", String(code)],
    ["grpc-message", percentEncoded(details)],
    ...trailers.map(([name, value]): FieldPair => [
      name,
      typeof value === "string" ? value : unpadded(value),
    ]),
  ];
}

/** gRPC over HTTP/2, Binary-Header: base64, which should be without padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").slice(0, Math.ceil((bytes.length * 4) / 3));
}

/** Texts that are sent as they are: printable ASCII without the percent sign, and no space at either end. */
const PLAIN_TEXT = /^(?! )[ -$&-~]*(?<! )$/;

/** gRPC over HTTP/2, Status-Message: UTF-8 with everything but printable ASCII, and the percent sign, percent-encoded. */
function percentEncoded(text: string): string {
  if (PLAIN_TEXT.test(text)) return text;
  const encoded = encodeURIComponent(text).replace(
    /%(2[0-9A-F]|3[ABCDEF]|40|5[BCDEF]|60|7[BCDE])/g,
    (escape) => (escape === "%25" ? escape : String.fromCharCode(Number.parseInt(escape.slice(1), 16))),
  );
  // No field of HTTP begins or ends with a space.
  return encoded.replace(/^ | $/g, "%20");
}
