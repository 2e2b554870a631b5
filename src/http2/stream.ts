/** One stream (RFC 9113, section 5): its two windows, what waits to be sent, and its end. */
import { ErrorCode } from "./error-codes.js";
import type { Field } from "./field.js";
import { writeEmptyEnd, writeReset, writeWindowUpdate } from "./frame-writer.js";
import { MAX_FRAME_BYTES, MAX_WINDOW } from "./frames.js";
import { CONTINUE, type ResponseHead, type Trailers } from "./header-block.js";
import { RequestBody } from "./request-body.js";
import type { Sender } from "./sender.js";
import type { ServerStream, StreamReceiver } from "./server-stream.js";
import type { StreamEnd, StreamOwner, StreamRequest } from "./stream-owner.js";

const NO_TRAILERS: readonly Field[] = Object.freeze([]);

export class Stream implements ServerStream {
  readonly id: number;
  readonly fields: readonly Field[];
  readonly #owner: StreamOwner;
  readonly #sender: Sender;
  readonly #body: RequestBody;
  #receiver: StreamReceiver | undefined;

  #sendWindow: number;
  #queue: Uint8Array[] = [];
  /** Bytes of the first one in the queue that are sent. */
  #sent = 0;
  #queuedBytes = 0;
  #hasHead = false;
  #ending: Trailers | "no trailers" | undefined;
  #mustDrain = false;

  #isClosed = false;
  /** Why the stream was ended before it had its receiver. */
  #missedReset: number | undefined;

  constructor(owner: StreamOwner, request: StreamRequest) {
    this.id = request.id;
    this.fields = request.fields;
    this.#owner = owner;
    this.#sender = owner.sender;
    this.#body = new RequestBody(request.length, request.receiveWindow);
    this.#sendWindow = request.sendWindow;
  }

  /** Whether the peer has sent the end of its request. */
  get requestEnded(): boolean {
    return this.#body.hasEnded;
  }

  get waitingBytes(): number {
    return this.#queuedBytes;
  }

  /** Lets the handler begin. */
  start(onStream: (stream: ServerStream) => StreamReceiver, endStream: boolean): void {
    // Set first: a handler that replies at once answers a whole request.
    this.#body.hasEnded = endStream;
    try {
      this.#receiver = onStream(this);
    } catch (error) {
      this.#blame(error);
    }
    if (this.#missedReset !== undefined) this.#tellReset(this.#missedReset);
    else if (endStream) this.#tellEnd(NO_TRAILERS);
  }

  sendContinue(): void {
    if (this.#isClosed) return;
    if (this.#hasHead) throw new Error("The stream has its response head already.");
    this.#sender.sendHeaders(this.id, CONTINUE.block, false);
  }

  respond(head: ResponseHead, endStream = false): void {
    if (this.#isClosed) return;
    if (this.#hasHead) throw new Error("The stream has its response head already.");
    this.#hasHead = true;
    this.#sender.sendHeaders(this.id, head.block, endStream);
    if (endStream) this.#closeAfterResponse();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isClosed) return false;
    this.#mustHaveHeadOnly();
    if (bytes.length > 0 && !this.#send(bytes)) return false;
    this.#mustDrain = this.#queuedBytes > 0;
    return !this.#mustDrain;
  }

  end(trailers?: Trailers): void {
    if (this.#isClosed) return;
    this.#mustHaveHeadOnly();
    this.#ending = trailers ?? "no trailers";
    if (this.#queuedBytes === 0) this.#sendEnd();
  }

  reply(head: ResponseHead, body: Uint8Array, trailers?: Trailers): void {
    if (this.#isClosed) return;
    if (!this.#hasHead && this.#sender.trySendReply(this.id, this.#sendWindow, head, body, trailers)) {
      this.#closeAfterResponse();
      return;
    }
    this.respond(head);
    // Set first: the last frame of the body is then the last one of a response without trailers.
    this.#ending = trailers ?? "no trailers";
    if (body.length === 0) this.#sendEnd();
    else this.#send(body);
  }

  reset(code: ErrorCode): void {
    if (this.#isClosed) return;
    writeReset(this.#sender.output, this.id, code);
    this.#close("reset here");
  }

  consumed(bytes: number): void {
    this.#body.consume(bytes);
    this.#giveBack();
  }

  /** Ends the stream for the receiver, who did not ask for it. Nothing is sent to the peer. */
  abort(code: number, how: StreamEnd): void {
    if (this.#isClosed) return;
    this.#close(how);
    if (this.#receiver === undefined) this.#missedReset = code;
    else this.#tellReset(code);
  }

  /** Tells the receiver that the connection will end. */
  goAway(): void {
    this.#tell(() => this.#receiver?.onGoAway?.());
  }

  /** Lets the receiver say how its response ends. What cannot be said at once is reset, for both sides. */
  cutOff(): void {
    this.#tell(() => this.#receiver?.onCutOff?.());
    this.#resetFor(ErrorCode.CANCEL);
  }

  /**
   * @param framedBytes with padding: what counts against the window
   * @returns the code of a stream error, or NO_ERROR
   */
  receiveData(bytes: Buffer, start: number, end: number, framedBytes: number, endStream: boolean): ErrorCode {
    const code = this.#body.receive(end - start, framedBytes, endStream);
    if (code !== ErrorCode.NO_ERROR) return code;
    if (framedBytes > end - start) this.#giveBack();
    if (end > start) this.#tellData(bytes.subarray(start, end));
    if (endStream) this.#tellEnd(NO_TRAILERS);
    return ErrorCode.NO_ERROR;
  }

  /** @returns the code of a stream error, or NO_ERROR */
  receiveTrailers(trailers: readonly Field[]): ErrorCode {
    const code = this.#body.receiveEnd();
    if (code === ErrorCode.NO_ERROR) this.#tellEnd(trailers);
    return code;
  }

  /**
   * The peer takes more, or less: a window may become negative (RFC 9113, 6.9.2).
   * @returns the code of a stream error, or NO_ERROR
   */
  changeSendWindow(difference: number): ErrorCode {
    if (this.#sendWindow + difference > MAX_WINDOW) return ErrorCode.FLOW_CONTROL_ERROR;
    this.#sendWindow += difference;
    if (this.#queuedBytes > 0) this.#sendQueue();
    return ErrorCode.NO_ERROR;
  }

  /** The peer knows of another window than the one that this stream began with. */
  changeReceiveWindow(difference: number): void {
    this.#body.changeWindow(difference);
  }

  sendFrame(): boolean {
    const [bytes] = this.#queue;
    if (bytes === undefined || this.#sendWindow <= 0) return false;
    const from = this.#sent;
    const to = Math.min(
      bytes.length,
      from + Math.min(MAX_FRAME_BYTES, this.#sendWindow, this.#sender.window),
    );
    this.#sendWindow -= to - from;
    this.#queuedBytes -= to - from;
    this.#sender.queuedBytes -= to - from;
    const isLast = this.#queuedBytes === 0 && this.#ending === "no trailers";
    this.#sender.sendData(this.id, bytes, from, to, isLast);
    this.#sent = to;
    if (to === bytes.length) {
      this.#queue.shift();
      this.#sent = 0;
    }
    if (this.#queuedBytes > 0) return this.#sendWindow > 0;
    if (isLast) this.#closeAfterResponse();
    else if (this.#ending !== undefined) this.#sendEnd();
    else if (this.#mustDrain) this.#tellDrain();
    return false;
  }

  /** @returns whether so much may wait */
  #send(bytes: Uint8Array): boolean {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#sender.queuedBytes += bytes.length;
    this.#sendQueue();
    if (this.#sender.queuedBytes <= this.#owner.maxQueuedBytes) return true;
    this.#resetFor(ErrorCode.ENHANCE_YOUR_CALM);
    return false;
  }

  #sendQueue(): void {
    while (this.#queuedBytes > 0 && this.#sendWindow > 0) {
      if (this.#sender.isStopped) {
        this.#sender.wait(this);
        return;
      }
      this.sendFrame();
    }
  }

  #sendEnd(): void {
    if (this.#ending === "no trailers") writeEmptyEnd(this.#sender.output, this.id);
    else if (this.#ending !== undefined) this.#sender.sendHeaders(this.id, this.#ending.block, true);
    this.#closeAfterResponse();
  }

  #closeAfterResponse(): void {
    if (this.#body.hasEnded) this.#close("ended");
    else this.reset(ErrorCode.NO_ERROR);
  }

  #close(how: StreamEnd): void {
    this.#isClosed = true;
    this.#sender.forget(this, this.#queuedBytes);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#owner.onClosed(this.id, how);
  }

  /** Ends the stream for both sides, and tells both. */
  #resetFor(code: ErrorCode): void {
    if (this.#isClosed) return;
    writeReset(this.#sender.output, this.id, code);
    this.abort(code, "reset here");
  }

  #mustHaveHeadOnly(): void {
    if (!this.#hasHead) throw new Error("The stream has no response head yet.");
    if (this.#ending !== undefined) throw new Error("The response has ended already.");
  }

  #giveBack(): void {
    if (this.#isClosed) return;
    const increment = this.#body.takeIncrement(this.#owner.streamWindow);
    if (increment > 0) writeWindowUpdate(this.#sender.output, this.id, increment);
  }

  #tellData(chunk: Buffer): void {
    try {
      this.#receiver?.onData(chunk);
    } catch (error) {
      this.#blame(error);
    }
  }

  #tellEnd(trailers: readonly Field[]): void {
    if (this.#isClosed) return;
    this.#tell(() => this.#receiver?.onEnd(trailers));
  }

  #tellDrain(): void {
    this.#mustDrain = false;
    this.#tell(() => this.#receiver?.onDrain());
  }

  #tell(receiver: () => void): void {
    try {
      receiver();
    } catch (error) {
      this.#blame(error);
    }
  }

  #tellReset(code: number): void {
    try {
      this.#receiver?.onReset(code);
    } catch (error) {
      this.#owner.onDefect(error);
    }
  }

  #blame(error: unknown): void {
    this.#owner.onDefect(error);
    this.#resetFor(ErrorCode.INTERNAL_ERROR);
  }
}
