/** The endpoint of one service for one version of SOAP: which HTTP request gets what. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { soapVersionPath } from "../contract/soap-names.js";
import { sendReply, type Reply } from "../http/reply.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { createEvaluator, type SoapOptions } from "./evaluate.js";
import { xmlHeaders } from "./rules.js";

export interface SoapEndpoint {
  readonly path: string;
  /** Answers one HTTP request for the path. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * `POST` evaluates, `GET ?wsdl` answers the WSDL, anything else is 404 or 405 (WS-I R1114).
 * @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it
 */
export async function createSoapEndpoint(options: SoapOptions): Promise<SoapEndpoint> {
  const { version = "1.1" } = options;
  const path = soapVersionPath(options.service, version);
  const evaluate = await createEvaluator(options);
  const etag = `"${createHash("sha256").update(options.wsdl).digest("hex")}"`;

  const answer = (request: IncomingMessage, requestId: string): Promise<Reply> | Reply => {
    // Not parsed as a URL: the target is the caller's text, and `//` or `%zz` must be an answer, not an exception.
    const [pathname, query = ""] = (request.url ?? "").split("?", 2);
    if (pathname !== path) return plain(404, `Nothing is served here. The service is at ${path}.`);
    if (request.method === "POST") return evaluate(request, requestId);
    const asksForWsdl = query.toLowerCase() === "wsdl";
    if (asksForWsdl && (request.method === "GET" || request.method === "HEAD")) {
      return wsdlReply(options.wsdl, etag, request.headers["if-none-match"]);
    }
    const allow = asksForWsdl ? "GET, HEAD, POST" : "POST";
    return plain(405, `POST a SOAP ${version} request to ${path}, or GET ${path}?wsdl.`, { Allow: allow });
  };

  return {
    path,
    async handle(request, response) {
      const requestId = requestIdFrom(request.headers[REQUEST_ID_HEADER]);
      const reply = await answer(request, requestId);
      sendReply(request, response, reply, ["X-Request-Id", requestId]);
    },
  };
}

function wsdlReply(wsdl: string, etag: string, known: string | undefined): Reply {
  // A WSDL is XML and no message, whatever version of SOAP it describes.
  const headers = { ...xmlHeaders("1.1"), ETag: etag, "Cache-Control": "no-cache" };
  const tags = (known ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  const unchanged = tags.includes(etag) || tags.includes("*");
  return unchanged ? { status: 304, headers, body: "" } : { status: 200, headers, body: wsdl };
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
