/** Which requests of HTTP/1.1 are refused by their head alone, before anybody knows whom they are for. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Reply } from "../http/reply.js";
import type { Limits } from "../limits.js";

type HeadLimits = Pick<Limits, "maxUrlBytes" | "maxHeaders">;

interface HeadRule {
  readonly status: number;
  readonly text: string;
  readonly isBroken: (request: IncomingMessage, limits: HeadLimits) => boolean;
}

/** What is said of either version of HTTP. */
export const HEAD_TEXTS = {
  target: "The request target is too long.",
  fields: "The request has too many header fields.",
  host: "The request must have one Host header field.",
  expectation: "Nothing else can be expected than 100-continue.",
} as const;

export function isUnknownExpectation(expect: string | undefined): boolean {
  return expect !== undefined && expect.trim().toLowerCase() !== "100-continue";
}

/** In the order in which they are looked at. What llhttp refuses never gets here. */
const RULES: readonly HeadRule[] = [
  {
    status: 505,
    text: "HTTP/1.1 and HTTP/1.0 are spoken here.",
    isBroken: ({ httpVersionMajor }) => httpVersionMajor !== 1,
  },
  {
    status: 414,
    text: HEAD_TEXTS.target,
    isBroken: ({ url = "" }, { maxUrlBytes }) => url.length > maxUrlBytes,
  },
  {
    status: 431,
    text: HEAD_TEXTS.fields,
    isBroken: ({ rawHeaders }, { maxHeaders }) => rawHeaders.length > 2 * maxHeaders,
  },
  {
    // RFC 9112, section 3.2. Two of them come joined by a comma, which no host has.
    status: 400,
    text: HEAD_TEXTS.host,
    isBroken: ({ headers: { host }, httpVersionMinor }) =>
      host === undefined ? httpVersionMinor > 0 : host.includes(","),
  },
  {
    // RFC 9112, section 6.1: HTTP/1.0 has no codings, so nobody on the way may have seen where the body ends.
    status: 400,
    text: "A request of HTTP/1.0 cannot have a Transfer-Encoding.",
    isBroken: ({ headers, httpVersionMinor }) =>
      headers["transfer-encoding"] !== undefined && httpVersionMinor === 0,
  },
  {
    // RFC 9112, section 6.3: nobody can say then where the body ends.
    status: 400,
    text: "The Transfer-Encoding must end with chunked.",
    isBroken: ({ headers }) => codings(headers).at(-1) !== "chunked",
  },
  {
    status: 501,
    text: "The Transfer-Encoding must be chunked, and nothing else.",
    isBroken: ({ headers }) => codings(headers).length > 1,
  },
  {
    // RFC 9110, section 10.1.1. HTTP/1.0 does not know expectations, and they are not looked at there.
    status: 417,
    text: HEAD_TEXTS.expectation,
    isBroken: ({ headers: { expect }, httpVersionMinor }) =>
      httpVersionMinor > 0 && isUnknownExpectation(expect),
  },
];

const UNCODED: readonly string[] = ["chunked"];

/** The transfer codings of a body, in small letters; a request without the field is in order. */
function codings({ "transfer-encoding": coding }: IncomingHttpHeaders): readonly string[] {
  return coding?.split(",").map((name) => name.trim().toLowerCase()) ?? UNCODED;
}

/** The reply to a request that nobody need look at any further; it closes the connection. */
export function checkHead(request: IncomingMessage, limits: HeadLimits): Reply | undefined {
  const broken = RULES.find(({ isBroken }) => isBroken(request, limits));
  if (broken === undefined) return undefined;
  const { status, text } = broken;
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", Connection: "close" },
    body: `${text}\n`,
  };
}
