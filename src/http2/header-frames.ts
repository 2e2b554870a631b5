/** Puts header blocks together from HEADERS and CONTINUATION (RFC 9113, 6.2 and 6.10), and decodes them. */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { Flag, type Frame } from "./frames.js";
import { HpackDecoder } from "./hpack-decoder.js";
import type { Http2Limits } from "./http2-limits.js";
import { removePadding } from "./padding.js";
import type { HeaderList } from "./stream-table.js";

const PRIORITY_BYTES = 5;

/** A block whose end has not arrived. */
interface OpenBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly dependsOnItself: boolean;
  readonly fragments: Buffer[];
  bytes: number;
  continuations: number;
}

export class HeaderFrames {
  readonly #decoder: HpackDecoder;
  readonly #maxBlockBytes: number;
  readonly #maxContinuations: number;
  #open: OpenBlock | undefined;

  constructor(limits: Http2Limits) {
    this.#decoder = new HpackDecoder(limits.maxHeaderListBytes);
    this.#maxBlockBytes = limits.maxHeaderListBytes;
    this.#maxContinuations = limits.maxContinuations;
  }

  /** The stream whose block has to go on with the next frame; 0 when there is none. */
  get openStreamId(): number {
    return this.#open?.streamId ?? 0;
  }

  /**
   * A HEADERS frame.
   * @returns the fields, when the block is whole
   * @throws ConnectionError
   */
  receiveHeaders(frame: Frame): HeaderList | undefined {
    removePadding(frame);
    const { streamId, flags } = frame;
    const endStream = (flags & Flag.END_STREAM) !== 0;
    const dependsOnItself = (flags & Flag.PRIORITY) !== 0 && takePriority(frame);
    if ((flags & Flag.END_HEADERS) !== 0) {
      const fields = this.#decoder.decode(frame.bytes, frame.start, frame.end);
      return { streamId, endStream, fields, dependsOnItself };
    }
    this.#open = { streamId, endStream, dependsOnItself, fragments: [], bytes: 0, continuations: 0 };
    this.#keep(this.#open, frame);
    return undefined;
  }

  /**
   * A CONTINUATION frame of the open block.
   * @returns the fields, when the block is whole
   * @throws ConnectionError
   */
  receiveContinuation(frame: Frame): HeaderList | undefined {
    const block = this.#open;
    if (block === undefined) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a CONTINUATION frame continues nothing");
    }
    block.continuations += 1;
    if (block.continuations > this.#maxContinuations) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many CONTINUATION frames");
    }
    this.#keep(block, frame);
    if ((frame.flags & Flag.END_HEADERS) === 0) return undefined;
    this.#open = undefined;
    const { streamId, endStream, dependsOnItself } = block;
    const bytes = Buffer.concat(block.fragments);
    return { streamId, endStream, dependsOnItself, fields: this.#decoder.decode(bytes, 0, bytes.length) };
  }

  /** What is kept is a copy: it must not hold the much larger chunk that it came in. */
  #keep(block: OpenBlock, { bytes, start, end }: Frame): void {
    block.bytes += end - start;
    if (block.bytes > this.#maxBlockBytes) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too large");
    }
    if (end > start) block.fragments.push(Buffer.from(bytes.subarray(start, end)));
  }
}

/**
 * Takes the priority off the front of a frame's payload. Nothing follows from it (RFC 9113, 5.3.2).
 * @returns whether the stream depends on itself, which RFC 7540, 5.3.1, forbids
 * @throws ConnectionError FRAME_SIZE_ERROR when the frame is too short for it
 */
function takePriority(frame: Frame): boolean {
  if (frame.end - frame.start < PRIORITY_BYTES) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a HEADERS frame is too short");
  }
  const dependency = frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff;
  frame.start += PRIORITY_BYTES;
  return dependency === frame.streamId;
}
