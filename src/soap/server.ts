/** The endpoint of one service for one version of SOAP: which HTTP request gets what. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { soapVersionPath } from "../contract/soap-names.js";
import { fitReply } from "../http/compress.js";
import type { Exchange } from "../http/exchange.js";
import { sendReply, type Reply } from "../http/reply.js";
import { readTarget } from "../http/target.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { createDocuments, type DocumentTexts } from "./documents.js";
import { createEvaluator, type SoapOptions } from "./evaluate.js";

export interface SoapEndpoint {
  readonly path: string;
  /** Answers one HTTP request for the path. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * `POST` evaluates, `GET` answers the documents (`?wsdl`, `?wsdl&policy`, `?xsd`), anything else is 404 or 405 (WS-I R1114).
 * @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it
 */
export async function createSoapEndpoint(options: SoapOptions & DocumentTexts): Promise<SoapEndpoint> {
  const { version = "1.1", compressFromBytes = 0 } = options;
  const path = soapVersionPath(options.service, version);
  const evaluate = await createEvaluator(options);
  const documents = createDocuments(options, compressFromBytes);

  const answer = (exchange: Exchange, requestId: string): Promise<Reply> | Reply => {
    const { request } = exchange;
    const target = readTarget(request.url);
    if (target.path !== path) return plain(404, `Nothing is served here. The service is at ${path}.`);
    if (request.method === "POST") return answerCall(exchange, requestId);
    const document = documents(target.query);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (document !== undefined && isRead) return document(request);
    const allow = document === undefined ? "POST" : "GET, HEAD, POST";
    return plain(405, `POST a SOAP ${version} request to ${path}, or GET ${path}?wsdl.`, { Allow: allow });
  };

  const answerCall = async (exchange: Exchange, requestId: string): Promise<Reply> =>
    fitReply(exchange.request, await evaluate(exchange, requestId), compressFromBytes);

  return {
    path,
    async handle(request, response) {
      const requestId = requestIdFrom(request.headers[REQUEST_ID_HEADER]);
      const reply = await answer({ request, response }, requestId);
      sendReply(request, response, reply, ["X-Request-Id", requestId]);
    },
  };
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
