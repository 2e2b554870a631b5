/** Which HTTP/1.1 request of the application port goes where. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendReply } from "../http/reply.js";
import { renderLandingPage } from "./landing-page.js";
import type { Mounted } from "./mounted.js";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

/** The handler for every request of the port. */
export function createRouter(mounted: readonly Mounted[], publicUrl: string): Handler {
  const endpoints = new Map(mounted.flatMap(({ soap }) => soap.map((endpoint) => [endpoint.path, endpoint])));
  const files = new Map<string, string | Uint8Array>();
  for (const { service, files: own } of mounted) {
    for (const { path, content } of own) {
      files.set(`/contracts/${service.alias}/v${service.major}/${path}`, content);
    }
  }
  const page = renderLandingPage(mounted, publicUrl);

  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const endpoint = endpoints.get(path);
    if (endpoint !== undefined) {
      void endpoint.handle(request, response);
      return;
    }
    const file = files.get(path);
    const body = path === "/" ? page : file;
    if (body === undefined) {
      const text = "Nothing is served here. GET / lists what is.\n";
      sendReply(request, response, { status: 404, headers: TEXT, body: text });
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      const headers = { ...TEXT, Allow: "GET, HEAD" };
      sendReply(request, response, { status: 405, headers, body: "Only GET and HEAD are answered here.\n" });
    } else {
      const type = path === "/" ? "text/html; charset=utf-8" : contentType(path);
      sendReply(request, response, { status: 200, headers: { "Content-Type": type }, body });
    }
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
