/** What of a request's body has arrived, and how much more the peer may send (RFC 9113, 5.2 and 8.1.1). */
import { ErrorCode } from "./error-codes.js";
import { NO_LENGTH } from "./request-fields.js";

export class RequestBody {
  /** Whether the peer has sent the end of its request. */
  hasEnded = false;
  readonly #length: number;
  /** What the peer may still send, in bytes. */
  #window: number;
  #received = 0;
  /** Bytes that the receiver has got and not given back. */
  #unconsumed = 0;
  /** Bytes given back that the peer does not know of. */
  #owed = 0;

  /** @param length content-length in bytes, or `NO_LENGTH` */
  constructor(length: number, window: number) {
    this.#length = length;
    this.#window = window;
  }

  /**
   * Counts one frame of DATA.
   * @param framedBytes with padding: what counts against the window
   * @returns the code of a stream error, or NO_ERROR
   */
  receive(bytes: number, framedBytes: number, isLast: boolean): ErrorCode {
    if (this.hasEnded) return ErrorCode.STREAM_CLOSED;
    this.#window -= framedBytes;
    if (this.#window < 0) return ErrorCode.FLOW_CONTROL_ERROR;
    this.#received += bytes;
    this.#unconsumed += bytes;
    this.#owed += framedBytes - bytes;
    if (!this.#lengthHolds(isLast)) return ErrorCode.PROTOCOL_ERROR;
    this.hasEnded = isLast;
    return ErrorCode.NO_ERROR;
  }

  /** Counts the end by trailers. @returns the code of a stream error, or NO_ERROR */
  receiveEnd(): ErrorCode {
    if (this.hasEnded) return ErrorCode.STREAM_CLOSED;
    if (!this.#lengthHolds(true)) return ErrorCode.PROTOCOL_ERROR;
    this.hasEnded = true;
    return ErrorCode.NO_ERROR;
  }

  /** @throws RangeError for more bytes than were received */
  consume(bytes: number): void {
    if (bytes > this.#unconsumed) throw new RangeError("More bytes are given back than were received.");
    this.#unconsumed -= bytes;
    this.#owed += bytes;
  }

  /**
   * What the peer has to be told now: in halves of the window there are fewer frames, and it need not wait.
   * @returns the increment of its window in bytes, or 0
   */
  takeIncrement(wholeWindow: number): number {
    if (this.hasEnded || this.#owed * 2 < wholeWindow) return 0;
    const increment = this.#owed;
    this.#owed = 0;
    this.#window += increment;
    return increment;
  }

  /** The peer knows of another window than the one that this stream began with. */
  changeWindow(difference: number): void {
    this.#window += difference;
  }

  #lengthHolds(isWhole: boolean): boolean {
    if (this.#length === NO_LENGTH) return true;
    return isWhole ? this.#received === this.#length : this.#received <= this.#length;
  }
}
