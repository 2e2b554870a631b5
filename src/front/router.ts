/** Which HTTP/1.1 request of the application port goes where. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createDocument, type Document } from "../http/document.js";
import { sendReply, type Reply } from "../http/reply.js";
import { readTarget } from "../http/target.js";
import { renderLandingPage } from "./landing-page.js";
import type { Mounted } from "./mounted.js";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

export interface RouterOptions {
  readonly mounted: readonly Mounted[];
  readonly publicUrl: string;
  /** Smallest file that is compressed, in bytes; 0: none is. */
  readonly compressFromBytes: number;
}

/** The handler for every request of the port. */
export function createRouter({ mounted, publicUrl, compressFromBytes }: RouterOptions): Handler {
  const endpoints = new Map(mounted.flatMap(({ soap }) => soap.map((endpoint) => [endpoint.path, endpoint])));
  const documents = new Map<string, Document>();
  const publish = (path: string, content: string | Uint8Array, contentType: string): void =>
    void documents.set(path, createDocument({ content, contentType, compressFromBytes }));
  publish("/", renderLandingPage(mounted, publicUrl), "text/html; charset=utf-8");
  for (const { service, files } of mounted) {
    const folder = `/contracts/${service.alias}/v${service.major}/`;
    for (const { path, content } of files) publish(folder + path, content, contentType(path));
  }

  const answer = (request: IncomingMessage, path: string): Reply | Promise<Reply> => {
    const document = documents.get(path);
    if (document === undefined) {
      return { status: 404, headers: TEXT, body: "Nothing is served here. GET / lists what is.\n" };
    }
    if (request.method === "GET" || request.method === "HEAD") return document(request);
    const headers = { ...TEXT, Allow: "GET, HEAD" };
    return { status: 405, headers, body: "Only GET and HEAD are answered here.\n" };
  };

  return (request, response) => {
    const { path } = readTarget(request.url);
    const endpoint = endpoints.get(path);
    if (endpoint !== undefined) void endpoint.handle(request, response);
    else void Promise.resolve(answer(request, path)).then((reply) => sendReply(request, response, reply));
  };
}

/** Media types of the contract files by how their names end; everything else is text. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".wsdl", "text/xml; charset=utf-8"],
  [".xml", "text/xml; charset=utf-8"],
  [".json", "application/json"],
  [".binpb", "application/octet-stream"],
]);

function contentType(path: string): string {
  return MEDIA_TYPES.get(path.slice(path.lastIndexOf("."))) ?? TEXT["Content-Type"];
}
