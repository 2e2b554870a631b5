/** Reads the body of an HTTP request into memory: bounded in bytes and in time, and always settled. */
import { GatewayError } from "../errors.js";
import { RECEIVING_RETRY_MS, TOO_MUCH_ARRIVING, type BodyBudget } from "../body-budget.js";
import { openGzipSink, openPlainSink, tooLarge } from "./body-sink.js";
import { contentCoding, type ContentCoding } from "./content-coding.js";
import type { Exchange } from "./exchange.js";
import { HttpRefusal } from "./http-refusal.js";

export interface ReadBodyOptions {
  /** Largest body that is accepted, in bytes after decompression. */
  readonly maxBytes: number;
  /** Most bytes that one byte of gzip may become. */
  readonly maxInflateRatio: number;
  /** Milliseconds within which the whole body must have arrived. */
  readonly timeoutMs: number;
  /** What all bodies that are being read may hold together. */
  readonly budget: BodyBudget;
}

/**
 * The whole body, decompressed, whether its length was declared or only its end tells it. What its head alone decides is
 * decided before a caller that waits for it is told to send the body.
 * @throws HttpRefusal 411 without a length; 413 when it is too large; 415 for a `Content-Encoding`; 408 for a body that
 * came too slowly; 503 when too many bodies are being read
 * @throws GatewayError `invalid_input` when the caller went before the body was there, or what should be gzip is not
 */
export async function readBody(exchange: Exchange, options: ReadBodyOptions): Promise<Buffer> {
  const coding = checkHead(exchange, options.maxBytes);
  return receive(exchange, coding, options);
}

function checkHead(exchange: Exchange, maxBytes: number): ContentCoding {
  const length = exchange.bodyLength;
  if (length === "unsaid") {
    const message =
      "The request has neither a Content-Length nor a chunked Transfer-Encoding: send one of them.";
    throw new HttpRefusal(411, "invalid_input", message);
  }
  const coding = contentCoding(exchange.header("content-encoding"));
  if (typeof length === "number" && length > maxBytes) throw tooLarge(maxBytes);
  return coding;
}

function receive(exchange: Exchange, coding: ContentCoding, options: ReadBodyOptions): Promise<Buffer> {
  const { maxBytes, maxInflateRatio, timeoutMs, budget } = options;
  return new Promise((resolve, reject) => {
    let held = 0;
    let settled = false;
    const stopListening = (): void => {
      clearTimeout(timer);
      exchange.stopReceiving();
    };
    /** From here on the bytes are counted by whoever gets them, or are gone. */
    const settle = (): void => {
      settled = true;
      stopListening();
      budget.giveBack(held);
    };
    const refuse = (error: GatewayError): void => {
      if (settled) return;
      settle();
      sink.close();
      reject(error);
    };
    const accept = (body: Buffer): void => {
      if (settled) return;
      settle();
      resolve(body);
    };
    const charge = (bytes: number): boolean => {
      if (settled) return false;
      if (budget.take(bytes)) held += bytes;
      else refuse(tooBusy());
      return !settled;
    };
    const onData = (chunk: Buffer): void => sink.take(chunk);
    const onEnd = (): void => {
      stopListening();
      const body = sink.finish();
      if (body instanceof Promise) void body.then(accept);
      else accept(body);
    };
    const onGone = (): void => refuse(cutShort());
    const timer = setTimeout(() => refuse(tooSlow(timeoutMs)), timeoutMs);
    const open = coding === "gzip" ? openGzipSink : openPlainSink;
    const sink = open({ maxBytes, maxInflateRatio, refuse, charge });
    exchange.receive({ onData, onEnd, onGone });
  });
}

function tooBusy(): GatewayError {
  return new HttpRefusal(503, "overloaded", TOO_MUCH_ARRIVING, { retryAfterMs: RECEIVING_RETRY_MS });
}

function tooSlow(timeoutMs: number): GatewayError {
  return new HttpRefusal(408, "deadline_exceeded", `The request did not arrive within ${timeoutMs} ms.`);
}

function cutShort(): GatewayError {
  return new GatewayError("invalid_input", "The connection ended before the whole request had arrived.");
}
