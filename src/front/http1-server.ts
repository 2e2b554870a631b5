/** The server for HTTP/1.1: what a request must be to be looked at, and what is said to everything else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Handler } from "../http/exchange.js";
import { Http1Exchange } from "../http/http1-exchange.js";
import { endAfterCaller } from "../http/linger.js";
import type { Limits } from "../limits.js";
import { checkHead } from "./check-head.js";
import { lastWords } from "./last-words.js";
import { answerMalformed } from "./malformed.js";

export interface Http1Limits extends Pick<
  Limits,
  "maxUrlBytes" | "maxHeaderBytes" | "maxHeaders" | "bodyTimeoutMs" | "maxConnectionAgeMs"
> {
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

export interface Http1Server {
  readonly server: Server;
  /** From now on the last reply on every connection says that it is the last. */
  retire(): void;
}

/** A connection that has sent a request. */
interface Known {
  /** The reply to its last request. */
  latest: ServerResponse | undefined;
  /** From when on a reply says that it is the last, on the `performance.now()` clock. */
  readonly renewAt: number;
}

/** How often it is looked for requests that take too long to arrive, at most, in milliseconds. */
const CHECK_MS = 1000;

/**
 * @param onRequest gets every request whose head is in order, and answers it; a caller that waits for `100 Continue` gets
 * it from whoever reads the body
 */
export function createHttp1Server(limits: Http1Limits, onRequest: Handler): Http1Server {
  const { maxUrlBytes, maxHeaderBytes, maxHeaders, headersTimeoutMs, bodyTimeoutMs, keepAliveTimeoutMs } =
    limits;
  const server = createServer({
    maxHeaderSize: maxUrlBytes + maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    // Whoever reads a body has a clock for it; this one is for the bodies that nobody reads.
    requestTimeout: headersTimeoutMs + bodyTimeoutMs + CHECK_MS,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs, bodyTimeoutMs),
    // The rules for the head say it in words; and two fields of one kind have to be seen to be refused.
    requireHostHeader: false,
    joinDuplicateHeaders: true,
  });
  // Node leaves out what is beyond this number without a word: one more than allowed is enough to refuse it.
  server.maxHeadersCount = maxHeaders + 1;

  const known = new Map<Socket, Known>();
  let retiring = false;
  const closeAfter = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader("Connection", "close");
  };
  const greet = (socket: Socket): Known => {
    const connection = { latest: undefined, renewAt: performance.now() + ageOf(limits) };
    known.set(socket, connection);
    socket.once("close", () => known.delete(socket));
    return connection;
  };
  const onHead = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const connection = known.get(socket) ?? greet(socket);
    const before = connection.latest;
    connection.latest = response;
    if (retiring || performance.now() >= connection.renewAt) {
      // Requests come without waiting for the replies: what comes after a reply that closes would get none.
      if (before?.headersSent === false) before.removeHeader("Connection");
      closeAfter(response);
    }
    const refusal = checkHead(request, limits);
    const exchange = new Http1Exchange(request, response);
    if (refusal === undefined) onRequest(exchange);
    else exchange.reply(refusal);
  };
  server.on("request", onHead).on("checkContinue", onHead).on("checkExpectation", onHead);
  server.on("connect", (_, socket: Socket) => endAfterCaller(socket, lastWords(405)));
  server.on("clientError", (error, socket: Socket) =>
    answerMalformed(error, socket, known.get(socket)?.latest),
  );

  return {
    server,
    retire() {
      retiring = true;
      for (const { latest } of known.values()) if (latest !== undefined) closeAfter(latest);
    },
  };
}

/** Ten per cent more or less, so that connections that were made together are not all made anew together. */
function ageOf({ maxConnectionAgeMs }: Http1Limits): number {
  return maxConnectionAgeMs === 0 ? Infinity : maxConnectionAgeMs * (0.9 + Math.random() * 0.2);
}
