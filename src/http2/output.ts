/**
 * The bytes on their way to the peer. All that is written in one turn of the event loop leaves in one write of the
 * socket, and what waits for a peer that does not read is bounded.
 */
import type { Duplex } from "node:stream";

/** New bytes are written into slabs, one after the other; a slab is never written twice, so that nothing is copied again. */
const SLAB_BYTES = 8 * 1024;

/** Replies wait in their streams while this many bytes are on their way: what is here can no longer be taken back. */
const FULL_BYTES = 64 * 1024;

const NO_SLAB = Buffer.alloc(0);

export interface OutputEvents {
  /** There is room again after `isFull` was true. */
  readonly onRoom: () => void;
  /** More waits for the socket than is allowed. */
  readonly onOverflow: () => void;
}

export class Output {
  /** Where `reserve` lets its caller write. */
  slab: Buffer = NO_SLAB;
  readonly #socket: Duplex;
  readonly #maxBacklogBytes: number;
  readonly #events: OutputEvents;
  #begin = 0;
  #end = 0;
  /** Slabs that are full and not yet given to the socket. */
  #filled: Buffer[] = [];
  #filledBytes = 0;
  #isScheduled = false;
  /** The socket has taken all that it wants until its next `drain`. */
  #isBlocked = false;
  #wasFull = false;
  #isClosed = false;

  constructor(socket: Duplex, maxBacklogBytes: number, events: OutputEvents) {
    this.#socket = socket;
    this.#maxBacklogBytes = maxBacklogBytes;
    this.#events = events;
    socket.on("drain", () => {
      this.#isBlocked = false;
      this.flush();
    });
  }

  /** Whether replies have to wait; `onRoom` says when they need not any more. */
  get isFull(): boolean {
    const isFull = this.#isBlocked || this.#waitingBytes >= FULL_BYTES;
    if (isFull) this.#wasFull = true;
    return isFull;
  }

  get #waitingBytes(): number {
    return this.#filledBytes + this.#end - this.#begin;
  }

  /**
   * Makes room for bytes that follow those before, and sends them at the end of this turn.
   * @returns where in `slab` they have to be written, at once
   */
  reserve(length: number): number {
    if (this.slab.length - this.#end < length) {
      this.#fill();
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
    }
    const at = this.#end;
    this.#end += length;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(flushNow, this);
    }
    return at;
  }

  /** Gives everything to the socket, if it takes anything now. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#isClosed) return;
    if (this.#isBlocked) {
      if (this.#waitingBytes > this.#maxBacklogBytes) this.#events.onOverflow();
      return;
    }
    if (this.#waitingBytes > 0) this.#isBlocked = !this.#write();
    if (!this.#isBlocked && this.#wasFull) {
      this.#wasFull = false;
      this.#events.onRoom();
    }
  }

  /** Gives what there is to the socket and ends it. Nothing can be sent any more. */
  end(): void {
    if (this.#isClosed) return;
    if (this.#waitingBytes > 0) this.#write();
    this.close();
    this.#socket.end();
  }

  /** Drops what waits. */
  close(): void {
    this.#isClosed = true;
    this.#filled = [];
    this.#filledBytes = 0;
    this.#begin = 0;
    this.#end = 0;
    this.slab = NO_SLAB;
  }

  #fill(): void {
    if (this.#end > this.#begin) {
      this.#filled.push(this.slab.subarray(this.#begin, this.#end));
      this.#filledBytes += this.#end - this.#begin;
    }
    this.#begin = 0;
    this.#end = 0;
  }

  #write(): boolean {
    const socket = this.#socket;
    const last = this.slab.subarray(this.#begin, this.#end);
    this.#begin = this.#end;
    if (this.#filled.length === 0) return socket.write(last);
    const filled = this.#filled;
    this.#filled = [];
    this.#filledBytes = 0;
    // Corked, so that they leave in one call of the system.
    socket.cork();
    for (const bytes of filled) socket.write(bytes);
    const takesMore = last.length === 0 ? !socket.writableNeedDrain : socket.write(last);
    socket.uncork();
    return takesMore;
  }
}

function flushNow(output: Output): void {
  output.flush();
}
