/** The streams of one connection: which are open, which may be opened, and what happens to a faulty one. */
import { ClosedStreams } from "./closed-streams.js";
import { ConnectionError, ErrorCode } from "./error-codes.js";
import type { Field } from "./field.js";
import type { FloodGuard } from "./flood-guard.js";
import { writeReset } from "./frame-writer.js";
import { DEFAULT_WINDOW, MAX_STREAM_ID } from "./frames.js";
import { encodeHead } from "./header-block.js";
import type { Http2Limits } from "./http2-limits.js";
import { MALFORMED, areTrailers, checkRequest } from "./request-fields.js";
import type { Sender } from "./sender.js";
import type { ServerStream, StreamReceiver } from "./server-stream.js";
import type { StreamEnd, StreamOwner } from "./stream-owner.js";
import { Stream } from "./stream.js";

/** RFC 6585, 5. */
const FIELDS_TOO_LARGE = encodeHead(431, []);

export interface StreamEvents {
  readonly onStream: (stream: ServerStream) => StreamReceiver;
  readonly onDefect: (error: unknown) => void;
  /** The last open stream has ended. */
  readonly onNoStream: () => void;
}

/** A whole header block and what its frames say. */
export interface HeaderList {
  readonly streamId: number;
  readonly endStream: boolean;
  /** `undefined` when there was too much of it. */
  readonly fields: readonly Field[] | undefined;
  /** Its priority makes the stream depend on itself. */
  readonly dependsOnItself: boolean;
}

export class StreamTable implements StreamOwner {
  readonly sender: Sender;
  readonly streamWindow: number;
  readonly maxQueuedBytes: number;
  /** What the peer takes of a new stream, in bytes. */
  peerWindow = DEFAULT_WINDOW;
  /** Whether the peer has acknowledged our settings: until then it may not know of our limits. */
  settingsKnown = false;
  readonly #open = new Map<number, Stream>();
  readonly #closed = new ClosedStreams();
  readonly #limits: Http2Limits;
  readonly #floods: FloodGuard;
  readonly #events: StreamEvents;
  /** The highest stream that the peer has begun. */
  #lastId = 0;
  /** The highest one that may be begun: less than the highest number after the last GOAWAY. */
  #lastAllowed = MAX_STREAM_ID;

  constructor(sender: Sender, floods: FloodGuard, limits: Http2Limits, events: StreamEvents) {
    this.sender = sender;
    this.streamWindow = limits.streamWindow;
    this.maxQueuedBytes = limits.maxQueuedBytes;
    this.#limits = limits;
    this.#floods = floods;
    this.#events = events;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The highest stream that was looked at; 0 before the first. */
  get lastTaken(): number {
    return Math.min(this.#lastId, this.#lastAllowed);
  }

  /** Begins no stream any more. @returns the last one that was */
  takeNoMore(): number {
    this.#lastAllowed = this.#lastId;
    return this.#lastId;
  }

  /**
   * The open stream of a frame; `undefined` when it is over.
   * @throws ConnectionError PROTOCOL_ERROR for a stream that nobody has begun
   */
  #find(streamId: number): Stream | undefined {
    const stream = this.#open.get(streamId);
    if (stream === undefined && this.#isIdle(streamId)) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a frame is for a stream that was not begun");
    }
    return stream;
  }

  /** Whether nobody has begun the stream. Those of even number would be a server's, which begins none. */
  #isIdle(streamId: number): boolean {
    return streamId > this.#lastId || streamId % 2 === 0;
  }

  /** @throws ConnectionError */
  receiveHeaders(list: HeaderList): void {
    const { streamId, fields, endStream } = list;
    const stream = this.#open.get(streamId);
    if (stream !== undefined) this.#fail(streamId, this.#receiveTrailers(stream, list));
    else if (streamId % 2 === 0)
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a stream has an even number");
    else if (streamId <= this.#lastId) this.#receiveLateHeaders(streamId);
    else {
      this.#lastId = streamId;
      if (streamId > this.#lastAllowed) this.#overlook(streamId);
      else if (this.#open.size >= this.#limits.maxConcurrentStreams) this.#refuse(streamId);
      else if (fields === undefined) this.#refuseFields(streamId, endStream);
      else this.#begin(list, fields);
    }
  }

  /** @throws ConnectionError */
  receiveData(
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
    framedBytes: number,
    endStream: boolean,
  ): void {
    const stream = this.#find(streamId);
    if (stream === undefined) this.#receiveLate(streamId);
    else this.#fail(streamId, stream.receiveData(bytes, start, end, framedBytes, endStream));
  }

  /** DATA for a stream that is over. After a reset of ours it is only late. */
  #receiveLate(streamId: number): void {
    if (this.#closed.wasResetHere(streamId)) this.#floods.spend("idleFrame");
    else this.streamError(streamId, ErrorCode.STREAM_CLOSED);
  }

  /** @throws ConnectionError */
  receiveReset(streamId: number, code: number): void {
    const stream = this.#find(streamId);
    this.#floods.spend(stream === undefined ? "idleFrame" : "reset");
    stream?.abort(code, "reset by peer");
  }

  /** @throws ConnectionError */
  receiveWindowUpdate(streamId: number, increment: number): void {
    const stream = this.#find(streamId);
    if (stream !== undefined) {
      this.#fail(streamId, increment === 0 ? ErrorCode.PROTOCOL_ERROR : stream.changeSendWindow(increment));
    }
  }

  /** @throws ConnectionError FLOW_CONTROL_ERROR when a window becomes too large (RFC 9113, 6.9.2) */
  changePeerWindow(window: number): void {
    const difference = window - this.peerWindow;
    this.peerWindow = window;
    if (difference === 0) return;
    for (const stream of [...this.#open.values()]) {
      if (stream.changeSendWindow(difference) !== ErrorCode.NO_ERROR) {
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a window is too large");
      }
    }
  }

  /** The peer knows our settings now: its windows are no longer the default ones. */
  onSettingsKnown(): void {
    this.settingsKnown = true;
    const difference = Math.min(0, this.streamWindow - DEFAULT_WINDOW);
    if (difference < 0) for (const stream of this.#open.values()) stream.changeReceiveWindow(difference);
  }

  /**
   * Resets a stream for a fault of the peer (RFC 9113, 5.4.2).
   * @throws ConnectionError when there is no stream to be reset, and when there were too many faults
   */
  streamError(streamId: number, code: ErrorCode): void {
    if (this.#isIdle(streamId)) throw new ConnectionError(code, "a frame for no stream is wrong");
    this.#floods.spend("reset");
    this.#reset(streamId, code);
  }

  /** Every open stream ends with its connection. */
  abortAll(code: number): void {
    for (const stream of [...this.#open.values()]) stream.abort(code, "reset here");
  }

  /** Tells the open streams that their connection will end. */
  goAway(): void {
    for (const stream of [...this.#open.values()]) stream.goAway();
  }

  /** Ends the open streams, with what their receivers still have to say. */
  cutOff(): void {
    for (const stream of [...this.#open.values()]) stream.cutOff();
  }

  onClosed(streamId: number, how: StreamEnd): void {
    this.#open.delete(streamId);
    this.#closed.add(streamId, how === "reset here");
    if (this.#open.size === 0) this.#events.onNoStream();
  }

  onDefect(error: unknown): void {
    this.#events.onDefect(error);
  }

  #begin({ streamId, endStream, dependsOnItself }: HeaderList, fields: readonly Field[]): void {
    const length = checkRequest(fields);
    if (length === MALFORMED || dependsOnItself || (endStream && length > 0)) {
      this.streamError(streamId, ErrorCode.PROTOCOL_ERROR);
      return;
    }
    const receiveWindow = this.settingsKnown
      ? this.streamWindow
      : Math.max(this.streamWindow, DEFAULT_WINDOW);
    const request = { id: streamId, fields, length, receiveWindow, sendWindow: this.peerWindow };
    const stream = new Stream(this, request);
    this.#open.set(streamId, stream);
    stream.start(this.#events.onStream, endStream);
  }

  #receiveTrailers(stream: Stream, { fields, endStream, dependsOnItself }: HeaderList): ErrorCode {
    if (fields === undefined) return ErrorCode.ENHANCE_YOUR_CALM;
    const isWellFormed = endStream && areTrailers(fields) && !dependsOnItself;
    if (isWellFormed || stream.requestEnded) return stream.receiveTrailers(fields);
    return ErrorCode.PROTOCOL_ERROR;
  }

  #receiveLateHeaders(streamId: number): void {
    if (this.#closed.wasResetHere(streamId)) this.#floods.spend("idleFrame");
    else if (this.#closed.hasEnded(streamId)) {
      throw new ConnectionError(ErrorCode.STREAM_CLOSED, "a request goes on after its end");
    } else throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "streams are not begun in order");
  }

  /** The peer did not know of the last GOAWAY, and will do it again elsewhere (RFC 9113, 6.8). */
  #overlook(streamId: number): void {
    this.#floods.spend("idleFrame");
    this.#closed.add(streamId, true);
  }

  /** The peer may do it again at once (RFC 9113, 8.7): no handler has seen it. */
  #refuse(streamId: number): void {
    if (this.settingsKnown) this.#floods.spend("reset");
    this.#reset(streamId, ErrorCode.REFUSED_STREAM);
  }

  #refuseFields(streamId: number, endStream: boolean): void {
    this.#floods.spend("reset");
    this.sender.sendHeaders(streamId, FIELDS_TOO_LARGE.block, true);
    if (endStream) this.#closed.add(streamId, false);
    else this.#reset(streamId, ErrorCode.NO_ERROR);
  }

  #fail(streamId: number, code: ErrorCode): void {
    if (code !== ErrorCode.NO_ERROR) this.streamError(streamId, code);
  }

  #reset(streamId: number, code: ErrorCode): void {
    writeReset(this.sender.output, streamId, code);
    const stream = this.#open.get(streamId);
    if (stream === undefined) this.#closed.add(streamId, true);
    else stream.abort(code, "reset here");
  }
}
