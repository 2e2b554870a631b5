/** Requests over HTTP/2 by prior knowledge, as Node's own client makes them, and their replies, which are judged. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from "node:http2";
import type { Service } from "../../src/contract/model.js";
import { soapAddress } from "../../src/contract-files.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { checkExchange } from "./messages/check-exchange.js";
import type { Headers } from "./messages/exchange.js";

export interface Http2Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface Http2Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** With which code the stream was reset; 0: it was not, or after the whole reply. */
  readonly resetCode: number;
}

export async function connectHttp2(base: string): Promise<ClientHttp2Session> {
  const session = connect(base);
  await once(session, "connect");
  // What befalls the session befalls its streams, and is seen there.
  session.on("error", () => undefined);
  return session;
}

/** Begins a request; the body is the caller's to send when there is none in it. */
export function begin(
  session: ClientHttp2Session,
  { method, path, headers }: Http2Request,
): ClientHttp2Stream {
  const stream = session.request(
    { ":method": method, ":path": path, ...copied(headers) },
    { endStream: method === "GET" || method === "HEAD" },
  );
  stream.on("error", () => undefined);
  return stream;
}

export async function replyOn(stream: ClientHttp2Stream): Promise<Http2Reply> {
  let headers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on("response", (received) => (headers = received));
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => stream.once("close", resolve));
  const status = Number(headers[":status"] ?? 0);
  return { status, headers, body: Buffer.concat(chunks), resetCode: stream.rstCode };
}

/** One whole exchange, which has to keep every rule for SOAP messages where it is about them. */
export async function ask(
  session: ClientHttp2Session,
  service: Service,
  request: Http2Request,
): Promise<Http2Reply> {
  const stream = begin(session, request);
  if (request.method !== "GET" && request.method !== "HEAD") stream.end(request.body ?? "");
  const reply = await replyOn(stream);
  if (/^\/soap(12)?\//.test(request.path) && reply.status > 0) judge(service, request, reply);
  return reply;
}

function judge(service: Service, request: Http2Request, reply: Http2Reply): void {
  const { method, path: target } = request;
  const version = target.startsWith("/soap12/") ? "1.2" : "1.1";
  const wsdl = generateWsdl(service, soapAddress("http://localhost", service, version), version);
  const asked = {
    method,
    target,
    headers: pairs(request.headers ?? {}),
    body: Buffer.from(request.body ?? ""),
  };
  const { status, headers, body } = reply;
  const answered = { httpVersion: "2", status, headers: pairs(headers), body };
  assert.deepEqual(checkExchange({ request: asked, reply: answered }, wsdl), []);
}

function pairs(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]): [string, string] => [name, String(value ?? "")]);
}

function copied(headers: Http2Request["headers"] = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
