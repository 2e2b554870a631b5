/**
 * How often a peer may ask whether we are there. Each PING is work for the process and for every proxy
 * on its way, and does nothing. The rule, the word and the number of strikes are those of gRPC servers (gRFC A8), whose clients
 * know what they mean: they ask half as often from then on.
 */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import type { FloodGuard } from "./flood-guard.js";

/** Strikes that are borne; the next one ends the connection. */
const MAX_STRIKES = 2;

/** Clients of gRPC look for this very word. */
const TOO_MANY_PINGS = "too_many_pings";

export class PingPolicy {
  readonly #minIntervalMs: number;
  readonly #floods: FloodGuard;
  #lastAt = -Infinity;
  #strikes = 0;
  /** Frames of replies that had been sent at the last PING. */
  #replyFrames = 0;

  /** @param floods counts what is sent to the peer */
  constructor(minIntervalMs: number, floods: FloodGuard) {
    this.#minIntervalMs = minIntervalMs;
    this.#floods = floods;
  }

  /**
   * Counts one PING of the peer. After a frame of a reply it is free and all strikes are forgotten: clients measure the
   * connection with a PING when they get data.
   * @throws ConnectionError ENHANCE_YOUR_CALM
   */
  onPing(): void {
    const now = performance.now();
    const { replyFrames } = this.#floods;
    const isTooSoon = now - this.#lastAt < this.#minIntervalMs;
    if (replyFrames !== this.#replyFrames) this.#strikes = 0;
    else if (isTooSoon) this.#strikes += 1;
    this.#lastAt = now;
    this.#replyFrames = replyFrames;
    if (this.#strikes > MAX_STRIKES) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, TOO_MANY_PINGS);
  }
}
