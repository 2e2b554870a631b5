/** The server for HTTP/1.1: what a request must be to be looked at, and what is said to everything else. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { endAfterCaller } from "../http/linger.js";
import { sendReply } from "../http/reply.js";
import type { Limits } from "../limits.js";
import { checkHead } from "./check-head.js";
import { lastWords } from "./last-words.js";
import { answerMalformed } from "./malformed.js";
import type { Handler } from "./router.js";

export interface Http1Limits extends Pick<
  Limits,
  "maxUrlBytes" | "maxHeaderBytes" | "maxHeaders" | "bodyTimeoutMs"
> {
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

export interface Http1Server {
  readonly server: Server;
  /** From now on the last reply on every connection says that it is the last. */
  retire(): void;
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

  /** The reply to the last request of each connection. */
  const latest = new Map<Socket, ServerResponse>();
  let retiring = false;
  const closeAfter = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader("Connection", "close");
  };
  const onHead: Handler = (request, response) => {
    const { socket } = request;
    const before = latest.get(socket);
    if (before === undefined) socket.once("close", () => latest.delete(socket));
    latest.set(socket, response);
    if (retiring) {
      // Requests come without waiting for the replies: what comes after a reply that closes would get none.
      if (before?.headersSent === false) before.removeHeader("Connection");
      closeAfter(response);
    }
    const refusal = checkHead(request, limits);
    if (refusal === undefined) onRequest(request, response);
    else sendReply(request, response, refusal);
  };
  server.on("request", onHead).on("checkContinue", onHead).on("checkExpectation", onHead);
  server.on("connect", (_, socket: Socket) => endAfterCaller(socket, lastWords(405)));
  server.on("clientError", (error, socket: Socket) => answerMalformed(error, socket, latest.get(socket)));

  return {
    server,
    retire() {
      retiring = true;
      for (const response of latest.values()) closeAfter(response);
    },
  };
}
