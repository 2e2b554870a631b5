/** An exchange of HTTP/2: one stream of our own. */
import type { Caller } from "../caller-of.js";
import { ErrorCode } from "../http2/error-codes.js";
import { fieldValue, fieldValues } from "../http2/field.js";
import { encodeHead, type FieldPair, type ResponseHead } from "../http2/header-block.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import type { BodyLength, BodyReceiver, Exchange } from "./exchange.js";
import { createPieces } from "./byte-pieces.js";
import { httpDate } from "./http-date.js";
import { LINGER_BYTES, LINGER_MS } from "./linger.js";
import type { Reply } from "./reply.js";

/** Not to be asked again without a thought: what was asked for may have been done. */
const CUT_OFF: Reply = {
  status: 503,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body: "The gateway stops, or renews the connection: the request was not finished within the grace period.\n",
};

/** How far the body of a request has come. */
type Arrival = "arriving" | "whole" | "cut off";

interface Lingering {
  readonly timer: NodeJS.Timeout;
  /** Bytes that the caller may still send. */
  left: number;
}

export class Http2Exchange implements Exchange, StreamReceiver {
  readonly caller: Caller;
  readonly #stream: ServerStream;
  readonly #replyTimeoutMs: number;
  #gone: AbortController | undefined;
  #receiver: BodyReceiver | undefined;
  /** What came before anybody wanted it: no more than the window of the stream. */
  readonly #early = createPieces();
  #arrival: Arrival = "arriving";
  /** Bytes that have come and that the caller may not send anew yet. */
  #held = 0;
  #isUnwanted = false;
  #hasReplied = false;
  /** The caller waits until it is told to send the body, and was not told. */
  #isWaiting: boolean;
  /** Set while the rest of a request is thrown away behind its reply. */
  #lingering: Lingering | undefined;

  /** @param replyTimeoutMs milliseconds for which a caller may take nothing of its reply */
  constructor(stream: ServerStream, caller: Caller, replyTimeoutMs: number) {
    this.#stream = stream;
    this.caller = caller;
    this.#replyTimeoutMs = replyTimeoutMs;
    this.#isWaiting = this.header("expect") !== undefined;
  }

  get method(): string {
    return this.header(":method") ?? "";
  }

  get target(): string {
    return this.header(":path") ?? "";
  }

  /** The end of a stream is always known. */
  get bodyLength(): BodyLength {
    // Where there are several, they say the same.
    const [length] = fieldValues(this.#stream.fields, "content-length");
    return length === undefined ? "until its end" : Number(length);
  }

  get signal(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.#arrival === "cut off") this.#gone.abort();
    return this.#gone.signal;
  }

  header(name: string): string | undefined {
    return fieldValue(this.#stream.fields, name);
  }

  receive(receiver: BodyReceiver): void {
    this.#receiver = receiver;
    const early = this.#early.join();
    this.#early.clear();
    if (this.#isWaiting && this.#arrival === "arriving") this.#stream.sendContinue();
    this.#isWaiting = false;
    if (early.length > 0) receiver.onData(early);
    if (!this.#isUnwanted) this.#giveBack();
    this.#tellEnd();
  }

  /** The window of the stream is not widened any more: the caller stops, or is stopped by the end of the reply. */
  stopReceiving(): void {
    this.#receiver = undefined;
    this.#isUnwanted = true;
  }

  reply({ status, headers, body }: Reply, more: readonly string[] = []): void {
    this.#hasReplied = true;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const fields: FieldPair[] = [["date", httpDate()]];
    for (let at = 1; at < more.length; at += 2) {
      fields.push([(more[at - 1] ?? "").toLowerCase(), more[at] ?? ""]);
    }
    for (const [name, value] of Object.entries(headers)) fields.push([name.toLowerCase(), value]);
    if (status !== 304) fields.push(["content-length", String(bytes.length)]);
    this.#isUnwanted = true;
    this.#early.clear();
    const head = encodeHead(status, fields);
    const isBare = this.method === "HEAD" || status === 304;
    const isComing = this.#arrival === "arriving" && !this.#isWaiting;
    if (isComing) this.#replyAndLinger(head, isBare ? undefined : bytes);
    else if (isBare) this.#stream.respond(head, true);
    else this.#stream.reply(head, bytes);
    if (this.#stream.waitingBytes > 0) watchReply(this.#stream, this.#replyTimeoutMs);
  }

  onData(chunk: Buffer): void {
    this.#held += chunk.length;
    if (this.#lingering !== undefined) this.#discard(this.#lingering, chunk.length);
    else if (this.#receiver !== undefined) this.#receiver.onData(chunk);
    else if (!this.#isUnwanted) this.#early.add(chunk);
    if (this.#receiver !== undefined || this.#lingering !== undefined) this.#giveBack();
  }

  onEnd(): void {
    this.#arrival = "whole";
    this.#tellEnd();
    this.#stopLingering();
  }

  onReset(): void {
    this.#arrival = "cut off";
    this.#gone?.abort();
    this.#tellEnd();
    clearTimeout(this.#lingering?.timer);
  }

  onDrain(): void {
    return undefined;
  }

  onCutOff(): void {
    if (this.#lingering !== undefined) this.#stopLingering();
    else if (!this.#hasReplied) {
      this.#arrival = "cut off";
      this.reply(CUT_OFF);
      this.#gone?.abort();
      this.#tellEnd();
    }
  }

  /**
   * The stream ends when the request has, or has gone on for long enough: curl and others take the reset of a stream that
   * they still send on for a failure, and throw away the reply that says why (RFC 9113, section 8.1, forbids it).
   */
  #replyAndLinger(head: ResponseHead, body: Uint8Array | undefined): void {
    this.#stream.respond(head);
    if (body !== undefined) this.#stream.write(body);
    const timer = setTimeout(() => this.#stopLingering(), LINGER_MS);
    this.#lingering = { timer, left: LINGER_BYTES };
    this.#giveBack();
  }

  #discard(lingering: Lingering, bytes: number): void {
    lingering.left -= bytes;
    if (lingering.left < 0) this.#stopLingering();
  }

  #stopLingering(): void {
    if (this.#lingering === undefined) return;
    clearTimeout(this.#lingering.timer);
    this.#lingering = undefined;
    this.#stream.end();
  }

  #giveBack(): void {
    this.#stream.consumed(this.#held);
    this.#held = 0;
  }

  #tellEnd(): void {
    if (this.#arrival === "whole") this.#receiver?.onEnd();
    else if (this.#arrival === "cut off") this.#receiver?.onGone();
  }
}

/** How often it is looked whether a reply is being taken, at most, in milliseconds. */
const LOOK_MS = 1000;

/** Ends a stream whose caller has not made room for any of its reply for so long: it holds the memory of all of it. */
function watchReply(stream: ServerStream, timeoutMs: number): void {
  let waiting = stream.waitingBytes;
  let since = performance.now();
  const timer = setInterval(
    () => {
      const now = performance.now();
      const left = stream.waitingBytes;
      if (left !== waiting) {
        waiting = left;
        since = now;
      }
      if (left === 0) clearInterval(timer);
      else if (now - since >= timeoutMs) stream.reset(ErrorCode.CANCEL);
    },
    Math.min(LOOK_MS, timeoutMs / 4),
  );
}
