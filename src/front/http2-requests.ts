/** Requests of HTTP over HTTP/2: what they must be to be looked at, and what is said to the others. */
import type { Caller } from "../caller-of.js";
import type { Handler } from "../http/exchange.js";
import { Http2Exchange } from "../http/http2-exchange.js";
import type { Reply } from "../http/reply.js";
import { fieldValue, type Field } from "../http2/field.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import type { Limits } from "../limits.js";
import { HEAD_TEXTS, isUnknownExpectation } from "./check-head.js";

export interface Http2RequestLimits extends Pick<Limits, "maxUrlBytes" | "maxHeaderBytes" | "maxHeaders"> {
  readonly replyTimeoutMs: number;
}

/**
 * Takes a stream for an HTTP request. That its fields are those of HTTP/2 has been seen to.
 * @param caller the peer
 */
export type TakeRequest = (stream: ServerStream, caller: Caller) => StreamReceiver;

/** @param onRequest gets every request whose head is in order, and answers it */
export function createHttp2Requests(limits: Http2RequestLimits, onRequest: Handler): TakeRequest {
  return (stream, caller) => {
    const exchange = new Http2Exchange(stream, caller, limits.replyTimeoutMs);
    const refusal = checkFields(stream.fields, limits);
    if (refusal === undefined) onRequest(exchange);
    else exchange.reply(refusal);
    return exchange;
  };
}

/** The reply to a request that nobody need look at any further. */
function checkFields(fields: readonly Field[], limits: Http2RequestLimits): Reply | undefined {
  let bytes = 0;
  let count = 0;
  for (const { name, value } of fields) {
    if (name.startsWith(":")) continue;
    bytes += name.length + value.length;
    count += 1;
  }
  const of = (name: string): string => fieldValue(fields, name) ?? "";
  if (of(":path").length > limits.maxUrlBytes) return refusal(414, HEAD_TEXTS.target);
  if (count > limits.maxHeaders || bytes > limits.maxHeaderBytes) return refusal(431, HEAD_TEXTS.fields);
  // RFC 9113, section 8.3.1: of a scheme that needs an authority it is one of the two, and not empty.
  if (of(":authority") === "" && of("host") === "") return refusal(400, HEAD_TEXTS.host);
  if (isUnknownExpectation(fieldValue(fields, "expect"))) return refusal(417, HEAD_TEXTS.expectation);
  return undefined;
}

function refusal(status: number, text: string): Reply {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
