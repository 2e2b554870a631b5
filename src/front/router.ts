/** Which HTTP request of the application port goes where. */
import { openapiPath } from "../contract/json-path.js";
import { createDocument, type Document } from "../http/document.js";
import type { Exchange, Handler } from "../http/exchange.js";
import type { Reply } from "../http/reply.js";
import { readTarget } from "../http/target.js";
import type { JsonEndpoint } from "../json/server.js";
import type { Page } from "../page/page.js";
import type { SoapEndpoint } from "../soap/server.js";
import type { Mounted } from "./mounted.js";

const JSON_TYPE = "application/json";
const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

/** gRPC over HTTP/1.1, or in one of its other forms: its callers look for their method, and would take 404 for its lack. */
const GRPC_TYPE = /^application\/grpc/i;

export interface RouterOptions {
  readonly mounted: readonly Mounted[];
  readonly page: Page;
  readonly publicUrl: string;
  /** Smallest file that is compressed, in bytes; 0: none is. */
  readonly compressFromBytes: number;
}

const OPENAPI_PATH = "/openapi.json";

/** The description of the only service; of several, where each has its own, because one document has one version. */
function renderOpenapi(mounted: readonly Mounted[], publicUrl: string): string {
  const [only, ...others] = mounted;
  if (only !== undefined && others.length === 0) return only.openapi;
  const services = mounted.map(({ service }) => ({
    service: service.alias,
    version: `v${service.major}`,
    openapi: publicUrl + openapiPath(service),
  }));
  return `${JSON.stringify({ services }, undefined, 2)}\n`;
}

/** The handler for every request of the port. */
export function createRouter({ mounted, page, publicUrl, compressFromBytes }: RouterOptions): Handler {
  const endpoints = new Map<string, SoapEndpoint | JsonEndpoint>(
    mounted.flatMap(({ soap, json }) => [...soap, json].map((endpoint) => [endpoint.path, endpoint])),
  );
  const documents = new Map<string, Document>();
  const publish = (path: string, content: string | Uint8Array, contentType: string): void =>
    void documents.set(path, createDocument({ content, contentType, compressFromBytes }));
  publish(OPENAPI_PATH, renderOpenapi(mounted, publicUrl), JSON_TYPE);
  for (const { service, openapi, files } of mounted) {
    publish(openapiPath(service), openapi, JSON_TYPE);
    const folder = `/contracts/${service.alias}/v${service.major}/`;
    for (const { path, content } of files) publish(folder + path, content, contentType(path));
  }

  const answer = (exchange: Exchange, path: string): Reply | Promise<Reply> => {
    const ofPage = page.find(path);
    if (ofPage !== undefined) return ofPage(exchange);
    const document = documents.get(path);
    if (document === undefined) {
      if (GRPC_TYPE.test(exchange.header("content-type") ?? "")) {
        return {
          status: 415,
          headers: TEXT,
          body: "gRPC is spoken here over HTTP/2, and gRPC-Web is not.\n",
        };
      }
      return { status: 404, headers: TEXT, body: "Nothing is served here. GET / lists what is.\n" };
    }
    if (exchange.method === "GET" || exchange.method === "HEAD") return document(exchange);
    const headers = { ...TEXT, Allow: "GET, HEAD" };
    return { status: 405, headers, body: "Only GET and HEAD are answered here.\n" };
  };

  return (exchange) => {
    const { path } = readTarget(exchange.target);
    const endpoint = endpoints.get(path);
    if (endpoint !== undefined) void endpoint.handle(exchange);
    else void Promise.resolve(answer(exchange, path)).then((reply) => exchange.reply(reply));
  };
}

/** Media types of the contract files by how their names end; everything else is text. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".wsdl", "text/xml; charset=utf-8"],
  [".xml", "text/xml; charset=utf-8"],
  [".json", JSON_TYPE],
  [".binpb", "application/octet-stream"],
]);

function contentType(path: string): string {
  return MEDIA_TYPES.get(path.slice(path.lastIndexOf("."))) ?? TEXT["Content-Type"];
}
