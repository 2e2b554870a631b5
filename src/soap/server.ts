/** The endpoint of one service for one version of SOAP: which HTTP request gets what. */
import { soapVersionPath } from "../contract/soap-names.js";
import { fitReply } from "../http/compress.js";
import type { Exchange } from "../http/exchange.js";
import type { Reply } from "../http/reply.js";
import { readTarget } from "../http/target.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { createDocuments, type DocumentTexts } from "./documents.js";
import { createEvaluator, type SoapOptions } from "./evaluate.js";

export interface SoapEndpoint {
  readonly path: string;
  /** Answers one HTTP request for the path. Never rejects. */
  handle(exchange: Exchange): Promise<void>;
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
    const { method } = exchange;
    const target = readTarget(exchange.target);
    if (target.path !== path) return plain(404, `Nothing is served here. The service is at ${path}.`);
    if (method === "POST") return answerCall(exchange, requestId);
    const document = documents(target.query);
    const isRead = method === "GET" || method === "HEAD";
    if (document !== undefined && isRead) return document(exchange);
    const allow = document === undefined ? "POST" : "GET, HEAD, POST";
    return plain(405, `POST a SOAP ${version} request to ${path}, or GET ${path}?wsdl.`, { Allow: allow });
  };

  const answerCall = async (exchange: Exchange, requestId: string): Promise<Reply> =>
    fitReply(exchange, await evaluate(exchange, requestId), compressFromBytes);

  return {
    path,
    async handle(exchange) {
      const requestId = requestIdFrom(exchange.header(REQUEST_ID_HEADER));
      exchange.reply(await answer(exchange, requestId), ["X-Request-Id", requestId]);
    },
  };
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
