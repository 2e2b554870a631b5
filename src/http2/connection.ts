/** The life of one connection: how it begins, how it is kept, renewed and ended. */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Deadlines, type Deadline } from "./deadlines.js";
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { FloodGuard } from "./flood-guard.js";
import { FrameReader } from "./frame-reader.js";
import { writeGoAway, writePing, writeSettings, writeWindowUpdate } from "./frame-writer.js";
import { DEFAULT_WINDOW, MAX_STREAM_ID } from "./frames.js";
import type { Http2Limits } from "./http2-limits.js";
import { Inbound } from "./inbound.js";
import { Output } from "./output.js";
import { SettingId } from "./peer-settings.js";
import { Sender } from "./sender.js";
import type { ServerStream, StreamReceiver } from "./server-stream.js";
import { StreamTable } from "./stream-table.js";

/** Payloads of our PINGs, by what they ask. */
const PINGS = {
  keepalive: Buffer.from("is there", "latin1"),
  drain: Buffer.from("draining", "latin1"),
} as const;

/**
 * `draining`: the peer is told to go and may not know it. `last streams`: it knows, and no stream is taken any more.
 * `lingering`: all is said, and the peer may read it.
 */
type State = "open" | "draining" | "last streams" | "lingering" | "closed";

export class Connection {
  readonly #socket: Duplex;
  readonly #limits: Http2Limits;
  readonly #onDefect: (error: unknown) => void;
  readonly #onClosed: () => void;
  readonly #output: Output;
  readonly #streams: StreamTable;
  readonly #inbound: Inbound;
  readonly #reader: FrameReader;
  readonly #deadlines = new Deadlines((deadline) => {
    this.#onDue(deadline);
  });
  #state: State = "open";
  /** When something was last read, and when the last stream ended, on the `performance.now()` clock. */
  #readAt = performance.now();
  #emptySince = this.#readAt;
  /** When the peer was asked whether it is there; it has not answered. */
  #askedAt: number | undefined;

  constructor(
    socket: Duplex,
    limits: Http2Limits,
    onStream: (stream: ServerStream) => StreamReceiver,
    onDefect: (error: unknown) => void,
    onClosed: () => void,
  ) {
    this.#socket = socket;
    this.#limits = limits;
    this.#onDefect = onDefect;
    this.#onClosed = onClosed;
    const floods = new FloodGuard(limits.budgets);
    this.#output = new Output(socket, limits.maxBacklogBytes, {
      onRoom: () => sender.pump(),
      onOverflow: () => this.destroy(),
    });
    const sender = new Sender(this.#output, floods);
    this.#streams = new StreamTable(sender, floods, limits, {
      onStream,
      onDefect,
      onNoStream: () => this.#onNoStream(),
    });
    this.#inbound = new Inbound(this.#streams, floods, limits, {
      onOpenBlock: (isOpen) => {
        if (isOpen) this.#deadlines.set("headers", limits.headersMs);
        else this.#deadlines.clear("headers");
      },
      onSettingsKnown: () => this.#deadlines.clear("settings"),
      onPingAck: (payload) => this.#onPingAck(payload),
      onGoAway: () => this.#stopTaking(),
    });
    this.#reader = new FrameReader((frame) => {
      this.#inbound.receive(frame);
      return this.#isReading;
    });
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** Says what a server says first, and begins to read. */
  start(): void {
    const socket = this.#socket;
    const limits = this.#limits;
    if (socket instanceof Socket) socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("end", () => this.#hangUp());
    // An error is followed by `close`, and there is nobody left to be told what it was.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#onSocketClosed());
    writeSettings(this.#output, [
      [SettingId.MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams],
      [SettingId.INITIAL_WINDOW_SIZE, limits.streamWindow],
      [SettingId.MAX_HEADER_LIST_SIZE, limits.maxHeaderListBytes],
    ]);
    if (limits.connectionWindow > DEFAULT_WINDOW) {
      writeWindowUpdate(this.#output, 0, limits.connectionWindow - DEFAULT_WINDOW);
    }
    this.#deadlines.set("settings", limits.settingsMs);
    this.#deadlines.set("idle", limits.idleMs);
    this.#deadlines.set("keepalive", limits.keepaliveMs);
    this.#deadlines.set("age", limits.maxAgeMs * (0.9 + Math.random() * 0.2));
    if (socket.destroyed) this.#onSocketClosed();
    else socket.resume();
  }

  /** In two steps, so that no stream is lost that the peer began before it knew (RFC 9113, 6.8). */
  drain(): void {
    if (this.#state !== "open") return;
    this.#state = "draining";
    writeGoAway(this.#output, MAX_STREAM_ID, ErrorCode.NO_ERROR, "");
    writePing(this.#output, false, PINGS.drain, 0);
    this.#deadlines.set("drainPause", this.#limits.drainPauseMs);
    this.#streams.goAway();
  }

  /** Ends every stream with what its handler still has to say, and closes when the peer has read it, or soon. */
  cutOff(): void {
    if (!this.#isReading) {
      this.destroy();
      return;
    }
    this.#stopTaking();
    this.#streams.cutOff();
    this.#end("lingering", ErrorCode.CANCEL);
    if (this.#state === "lingering") this.#deadlines.set("linger", this.#limits.lingerMs);
  }

  destroy(): void {
    this.#socket.destroy();
    this.#end("closed", ErrorCode.CANCEL);
  }

  get #isReading(): boolean {
    return this.#state !== "lingering" && this.#state !== "closed";
  }

  #read(chunk: Buffer): void {
    if (!this.#isReading) return;
    this.#readAt = performance.now();
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const isPeers = error instanceof ConnectionError;
    if (!isPeers) this.#onDefect(error);
    const code = isPeers ? error.code : ErrorCode.INTERNAL_ERROR;
    if (!this.#isReading) return;
    writeGoAway(this.#output, this.#streams.lastTaken, code, isPeers ? error.reason : "");
    this.#end("lingering", code);
  }

  #onPingAck(payload: Buffer): boolean {
    if (this.#state === "draining" && payload.equals(PINGS.drain)) this.#stopTaking();
    else if (this.#askedAt !== undefined && payload.equals(PINGS.keepalive)) this.#onSignOfLife();
    else return false;
    return true;
  }

  /** The second step of a drain: streams that were begun go on, and no other. */
  #stopTaking(): void {
    if (this.#state !== "open" && this.#state !== "draining") return;
    // Once more for streams that have begun since. A peer that takes no more has its answers all the same.
    if (this.#state === "draining") this.#streams.goAway();
    this.#state = "last streams";
    this.#deadlines.clear("drainPause");
    writeGoAway(this.#output, this.#streams.takeNoMore(), ErrorCode.NO_ERROR, "");
    if (this.#streams.size === 0) this.#end("lingering", ErrorCode.NO_ERROR);
  }

  #onNoStream(): void {
    this.#emptySince = performance.now();
    if (this.#state === "last streams") this.#end("lingering", ErrorCode.NO_ERROR);
  }

  /** The peer sends nothing any more, not even room in its windows: no response could be completed. */
  #hangUp(): void {
    this.#end("lingering", ErrorCode.CANCEL);
  }

  #onSocketClosed(): void {
    this.#end("closed", ErrorCode.CANCEL);
    this.#onClosed();
  }

  /** @param code for the streams that are still open */
  #end(state: "lingering" | "closed", code: ErrorCode): void {
    if (this.#state === "closed" || this.#state === state) return;
    this.#state = state;
    this.#deadlines.stop();
    this.#streams.abortAll(code);
    if (state === "closed") {
      this.#output.close();
      return;
    }
    const { lingerMs, keepaliveTimeoutMs } = this.#limits;
    // The last responses may take their time to leave; what only says that the peer was wrong may not.
    this.#deadlines.set("linger", code === ErrorCode.NO_ERROR ? keepaliveTimeoutMs : lingerMs);
    this.#socket.once("finish", () => {
      if (this.#state === "lingering") this.#deadlines.set("linger", lingerMs);
    });
    this.#output.end();
  }

  #onSignOfLife(): void {
    this.#askedAt = undefined;
    this.#deadlines.set("keepalive", this.#limits.keepaliveMs);
  }

  #onDue(deadline: Deadline): void {
    switch (deadline) {
      case "settings":
        this.#fail(new ConnectionError(ErrorCode.SETTINGS_TIMEOUT, "SETTINGS are late"));
        return;
      case "headers":
        this.#fail(new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is late"));
        return;
      case "keepalive":
        this.#onQuiet();
        return;
      case "idle":
        this.#onIdle();
        return;
      case "age":
        this.#deadlines.set("ageGrace", this.#limits.maxAgeGraceMs);
        this.drain();
        return;
      case "drainPause":
        this.#stopTaking();
        return;
      case "ageGrace":
        this.cutOff();
        return;
      case "linger":
        this.destroy();
        return;
    }
  }

  #onQuiet(): void {
    const { keepaliveMs, keepaliveTimeoutMs } = this.#limits;
    const now = performance.now();
    const quietMs = now - this.#readAt;
    if (this.#askedAt !== undefined) {
      // Anything that was read since is an answer: the other end is there.
      if (this.#readAt < this.#askedAt) this.destroy();
      else this.#onSignOfLife();
    } else if (quietMs < keepaliveMs) {
      this.#deadlines.set("keepalive", keepaliveMs - quietMs);
    } else {
      this.#askedAt = now;
      writePing(this.#output, false, PINGS.keepalive, 0);
      this.#deadlines.set("keepalive", keepaliveTimeoutMs);
    }
  }

  #onIdle(): void {
    const { idleMs } = this.#limits;
    const idleForMs = this.#streams.size > 0 ? 0 : performance.now() - this.#emptySince;
    if (idleForMs < idleMs) this.#deadlines.set("idle", idleMs - idleForMs);
    else this.drain();
  }
}
