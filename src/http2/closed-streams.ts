/** The streams that ended last, and how: what may still arrive for them depends on it (RFC 9113, 5.1). */

/** Streams remembered of each kind. A peer with this many frames on their way has others to think of. */
const REMEMBERED = 256;

export class ClosedStreams {
  readonly #resetHere = new RecentIds();
  readonly #ended = new RecentIds();

  add(streamId: number, wasResetHere: boolean): void {
    (wasResetHere ? this.#resetHere : this.#ended).add(streamId);
  }

  /** Whether the peer may have sent frames for the stream before it heard of the reset. */
  wasResetHere(streamId: number): boolean {
    return this.#resetHere.has(streamId);
  }

  /** Whether the stream was open once, as far as is known. */
  hasEnded(streamId: number): boolean {
    return this.#ended.has(streamId);
  }
}

/** Only faults look something up: adding has to be cheap, looking up has not. */
class RecentIds {
  readonly #ids = new Int32Array(REMEMBERED);
  #next = 0;

  add(id: number): void {
    this.#ids[this.#next] = id;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  has(id: number): boolean {
    return this.#ids.includes(id);
  }
}
