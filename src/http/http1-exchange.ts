/** An exchange of HTTP/1.1, on what Node has made of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { callerOf, type Caller } from "../caller-of.js";
import { callerSignal } from "./caller-signal.js";
import type { BodyLength, BodyReceiver, Exchange } from "./exchange.js";
import { endAfterRequest } from "./linger.js";
import type { Reply } from "./reply.js";

export class Http1Exchange implements Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #receiver: BodyReceiver | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  get method(): string {
    return this.#request.method ?? "";
  }

  get target(): string {
    return this.#request.url ?? "";
  }

  get bodyLength(): BodyLength {
    const { "content-length": length, "transfer-encoding": coding } = this.#request.headers;
    if (coding !== undefined) return "until its end";
    return length === undefined ? "unsaid" : Number(length);
  }

  get caller(): Caller {
    return callerOf(this.#request.socket);
  }

  get signal(): AbortSignal {
    return callerSignal(this.#request);
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === "string" ? value : value?.join(", ");
  }

  receive(receiver: BodyReceiver): void {
    const request = this.#request;
    if (request.destroyed && !request.complete) {
      receiver.onGone();
      return;
    }
    this.#receiver = receiver;
    if (awaitsContinue(request)) this.#response.writeContinue();
    // Without a listener an aborted request would be an uncaught error; "close" always follows.
    request.on("error", ignore);
    request.on("data", receiver.onData).on("end", receiver.onEnd).on("close", receiver.onGone);
  }

  stopReceiving(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    this.#receiver = undefined;
    const request = this.#request;
    request.off("data", receiver.onData).off("end", receiver.onEnd).off("close", receiver.onGone);
    if (!request.readableEnded) request.pause();
  }

  /**
   * A connection on which the rest of a request still comes is closed.
   *
   * The reply leaves at the end of this turn of the event loop, behind one another with all that are ready by then. A
   * write wakes whoever waits for it, which costs more than everything else about a reply; who was woken by the first of
   * several is still awake for the others.
   */
  reply(reply: Reply, more: readonly string[] = []): void {
    setImmediate(writeReply, this.#request, this.#response, reply, more);
  }
}

function ignore(): void {
  return undefined;
}

function writeReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  more: readonly string[],
): void {
  if (response.destroyed || response.headersSent) return;
  const { status, body } = reply;
  const length = Buffer.byteLength(body);
  const head = [...more];
  for (const [name, value] of Object.entries(reply.headers)) head.push(name, value);
  if (status !== 304) head.push("Content-Length", String(length));
  const isCut = !request.complete && hasBody(request);
  // The rest of a body that nobody reads would be taken for the next request of the connection, or read for ever.
  if (isCut) head.push("Connection", "close");
  response.writeHead(status, head);
  const isBare = request.method === "HEAD" || status === 304;
  if (isCut && !awaitsContinue(request)) {
    if (isBare) response.flushHeaders();
    else response.write(body);
    endAfterRequest(request, response);
  } else if (isBare) response.end();
  else if (typeof body !== "string") response.end(body);
  // Text, not bytes: it goes out with the head in one write. As many bytes as characters means that it is ASCII.
  else response.end(body, length === body.length ? "latin1" : "utf8");
}

function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  return coding !== undefined || (length !== undefined && length !== "0");
}

/**
 * Whether the caller sends its body only when it is told to (RFC 9110, section 10.1.1). HTTP/1.0 knows no such thing, and
 * what else can be expected has been refused by then.
 */
function awaitsContinue({ headers, httpVersionMinor }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0;
}
