/** gRPC on a bare HTTP/2 connection, frame by frame: for callers that no library would be. */
import assert from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/http2-limits.js";
import { HpackDecoder } from "../../src/http2/hpack-decoder.js";
import { ErrorInfoSchema } from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema, type Status } from "../../src/proto/gen/google/rpc/status_pb.js";
import { endOf, Flags, frame, literals, Type, type RawPeer } from "../http2/raw-peer.js";

/** HEADERS of a call whose request goes on. */
export function callHead(
  streamId: number,
  path: string,
  more: readonly (readonly [string, string])[] = [],
): Buffer {
  const fields = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ...more,
  ] as const;
  return frame(Type.headers, Flags.endHeaders, streamId, literals(fields));
}

/** DATA of a request, which goes on unless flags say otherwise. */
export function data(streamId: number, bytes: Uint8Array, flags = 0): Buffer {
  return frame(Type.data, flags, streamId, bytes);
}

/** The same in as many frames as are needed. */
export function dataFrames(streamId: number, bytes: Buffer, bytesEach = 16_384): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / bytesEach) }, (_, index) =>
    data(streamId, bytes.subarray(index * bytesEach, (index + 1) * bytesEach)),
  );
}

export type Fields = ReadonlyMap<string, string>;

/** The fields of a block of the server, which refers to no earlier one. */
export function fieldsOf(block: Buffer): Fields {
  const decoder = new HpackDecoder(DEFAULT_HTTP2_LIMITS.maxHeaderListBytes);
  const fields = decoder.decode(block, 0, block.length) ?? assert.fail("too many fields");
  return new Map(fields.map(({ name, value }) => [name, value]));
}

/** The fields that end a stream, received or to be received. */
export async function endingOf(peer: RawPeer, streamId: number): Promise<Fields> {
  const { type, payload } = await peer.next(endOf(streamId));
  assert.equal(type, Type.headers, "it ends with a status");
  return fieldsOf(payload);
}

/** The body that a stream was answered with so far. */
export function bodyOf(peer: RawPeer, streamId: number): Buffer {
  const frames = peer.frames.filter((one) => one.type === Type.data && one.streamId === streamId);
  return Buffer.concat(frames.map(({ payload }) => payload));
}

/** The `google.rpc.Status` of a failed call. */
export function detailsOf(fields: Fields): Status {
  return fromBinary(StatusSchema, Buffer.from(fields.get("grpc-status-details-bin") ?? "", "base64"));
}

/** What a failed call says of whether `main()` had begun. */
export function startedIn(fields: Fields): string | undefined {
  const [info] = detailsOf(fields).details.filter((detail) => anyIs(detail, ErrorInfoSchema));
  return info === undefined ? undefined : anyUnpack(info, ErrorInfoSchema)?.metadata["started"];
}

let pings = 0;

/** Waits until the server has read all that was sent: it answers a PING in its place. */
export async function settled(peer: RawPeer): Promise<void> {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE((pings += 1), 4);
  peer.send(frame(Type.ping, 0, 0, payload));
  await peer.next((one) => one.type === Type.ping && one.payload.equals(payload));
}
