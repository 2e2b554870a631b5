/** What each frame from the peer does (RFC 9113, section 6). */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import type { FloodGuard } from "./flood-guard.js";
import { writePing, writeSettingsAck, writeWindowUpdate } from "./frame-writer.js";
import { DEFAULT_WINDOW, Flag, FrameType, MAX_WINDOW, type Frame } from "./frames.js";
import { HeaderFrames } from "./header-frames.js";
import type { Http2Limits } from "./http2-limits.js";
import { removePadding } from "./padding.js";
import { PingPolicy } from "./ping-policy.js";
import { FIRST_PEER_SETTINGS, applySettings } from "./peer-settings.js";
import type { StreamTable } from "./stream-table.js";

const PING_BYTES = 8;
const PRIORITY_BYTES = 5;
const WORD_BYTES = 4;
const LEAST_GOAWAY_BYTES = 8;

export interface InboundEvents {
  /** A header block has begun and not ended, or has ended. */
  readonly onOpenBlock: (isOpen: boolean) => void;
  /** The peer knows our settings. */
  readonly onSettingsKnown: () => void;
  /** @returns whether we sent a PING with this payload */
  readonly onPingAck: (payload: Buffer) => boolean;
  /** The peer begins no more streams. */
  readonly onGoAway: () => void;
}

export class Inbound {
  readonly #streams: StreamTable;
  readonly #floods: FloodGuard;
  readonly #events: InboundEvents;
  readonly #headers: HeaderFrames;
  readonly #pings: PingPolicy;
  readonly #window: number;
  #peerSettings = FIRST_PEER_SETTINGS;
  #hasSettings = false;
  /** Bytes of DATA that the window of the connection was not given back for. */
  #received = 0;

  constructor(streams: StreamTable, floods: FloodGuard, limits: Http2Limits, events: InboundEvents) {
    this.#streams = streams;
    this.#floods = floods;
    this.#events = events;
    this.#headers = new HeaderFrames(limits);
    this.#pings = new PingPolicy(limits.minPingIntervalMs, floods);
    this.#window = Math.max(DEFAULT_WINDOW, limits.connectionWindow);
  }

  /** Whether the peer's first SETTINGS have arrived. */
  get hasSettings(): boolean {
    return this.#hasSettings;
  }

  /** @throws ConnectionError for anything after which the connection cannot go on */
  receive(frame: Frame): void {
    const { openStreamId } = this.#headers;
    if (openStreamId !== 0 && (frame.type !== FrameType.CONTINUATION || frame.streamId !== openStreamId)) {
      throw protocolError("a header block is interrupted");
    }
    if (!this.#hasSettings && (frame.type !== FrameType.SETTINGS || (frame.flags & Flag.ACK) !== 0)) {
      throw protocolError("the first frame is no SETTINGS");
    }
    switch (frame.type) {
      case FrameType.DATA:
        this.#receiveData(frame);
        return;
      case FrameType.HEADERS:
        this.#receiveHeaders(frame);
        return;
      case FrameType.PRIORITY:
        this.#receivePriority(frame);
        return;
      case FrameType.RST_STREAM:
        mustBe(frame, "stream", WORD_BYTES);
        this.#streams.receiveReset(frame.streamId, frame.bytes.readUInt32BE(frame.start));
        return;
      case FrameType.SETTINGS:
        this.#receiveSettings(frame);
        return;
      case FrameType.PUSH_PROMISE:
        throw protocolError("a client promises nothing");
      case FrameType.PING:
        this.#receivePing(frame);
        return;
      case FrameType.GOAWAY:
        this.#receiveGoAway(frame);
        return;
      case FrameType.WINDOW_UPDATE:
        this.#receiveWindowUpdate(frame);
        return;
      case FrameType.CONTINUATION:
        this.#receiveContinuation(frame);
        return;
      default:
        // Extensions that nobody knows are left alone (RFC 9113, 5.5).
        this.#floods.spend("idleFrame");
        return;
    }
  }

  #receiveData(frame: Frame): void {
    mustBe(frame, "stream");
    const framedBytes = frame.end - frame.start;
    this.#countReceived(framedBytes);
    removePadding(frame);
    const endStream = (frame.flags & Flag.END_STREAM) !== 0;
    if (frame.start === frame.end && !endStream) this.#floods.spend("emptyData");
    this.#streams.receiveData(frame.streamId, frame.bytes, frame.start, frame.end, framedBytes, endStream);
  }

  /** Given back on receipt, in halves: a handler that is slow holds up its own stream alone. */
  #countReceived(bytes: number): void {
    this.#received += bytes;
    if (this.#received * 2 < this.#window) return;
    writeWindowUpdate(this.#streams.sender.output, 0, this.#received);
    this.#received = 0;
  }

  #receiveHeaders(frame: Frame): void {
    mustBe(frame, "stream");
    const list = this.#headers.receiveHeaders(frame);
    if (list === undefined) this.#events.onOpenBlock(true);
    else this.#streams.receiveHeaders(list);
  }

  #receiveContinuation(frame: Frame): void {
    const list = this.#headers.receiveContinuation(frame);
    if (list === undefined) return;
    this.#events.onOpenBlock(false);
    this.#streams.receiveHeaders(list);
  }

  #receivePriority(frame: Frame): void {
    mustBe(frame, "stream");
    const { streamId, bytes, start, end } = frame;
    if (end - start !== PRIORITY_BYTES) this.#streams.streamError(streamId, ErrorCode.FRAME_SIZE_ERROR);
    else if ((bytes.readUInt32BE(start) & 0x7fff_ffff) === streamId) {
      this.#streams.streamError(streamId, ErrorCode.PROTOCOL_ERROR);
    } else this.#floods.spend("idleFrame");
  }

  #receiveSettings(frame: Frame): void {
    mustBe(frame, "connection");
    if ((frame.flags & Flag.ACK) !== 0) {
      mustBe(frame, "connection", 0);
      if (this.#streams.settingsKnown) {
        this.#floods.spend("settings");
      } else {
        this.#streams.onSettingsKnown();
        this.#events.onSettingsKnown();
      }
      return;
    }
    this.#floods.spend("settings");
    this.#hasSettings = true;
    const before = this.#peerSettings;
    this.#peerSettings = applySettings(before, frame);
    const { initialWindow, wantsSmallerTable } = this.#peerSettings;
    const { sender } = this.#streams;
    writeSettingsAck(sender.output);
    if (wantsSmallerTable && !before.wantsSmallerTable) sender.mustEmptyTable = true;
    this.#streams.changePeerWindow(initialWindow);
  }

  #receivePing(frame: Frame): void {
    mustBe(frame, "connection", PING_BYTES);
    const { bytes, start, end, flags } = frame;
    const isAck = (flags & Flag.ACK) !== 0;
    if (isAck && this.#events.onPingAck(bytes.subarray(start, end))) return;
    this.#floods.spend("ping");
    if (isAck) return;
    writePing(this.#streams.sender.output, true, bytes, start);
    this.#pings.onPing();
  }

  #receiveGoAway(frame: Frame): void {
    mustBe(frame, "connection");
    if (frame.end - frame.start < LEAST_GOAWAY_BYTES) throw wrongSize();
    this.#floods.spend("idleFrame");
    this.#events.onGoAway();
  }

  #receiveWindowUpdate(frame: Frame): void {
    mustBe(frame, "either", WORD_BYTES);
    this.#floods.spend("windowUpdate");
    const increment = frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff;
    if (frame.streamId === 0) this.#widen(increment);
    else this.#streams.receiveWindowUpdate(frame.streamId, increment);
  }

  /** The peer takes more on the connection. */
  #widen(increment: number): void {
    const { sender } = this.#streams;
    if (increment === 0) throw protocolError("a window is changed by nothing");
    if (sender.window + increment > MAX_WINDOW) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the window of the connection is too large");
    }
    sender.window += increment;
    sender.pump();
  }
}

type Place = "stream" | "connection" | "either";

/** @param length of the payload, when it is fixed */
function mustBe(frame: Frame, place: Place, length?: number): void {
  if (length !== undefined && frame.end - frame.start !== length) throw wrongSize();
  if (place !== "either" && (frame.streamId === 0) !== (place === "connection")) {
    throw protocolError("a frame is on a stream and must not be, or the other way round");
  }
}

function wrongSize(): ConnectionError {
  return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a frame has not the length of its type");
}

function protocolError(reason: string): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, reason);
}
