/**
 * Writes down every exchange at a SOAP path of every HTTP server in this process, as the server saw it. Loaded before anything
 * else into every process of a test run (`scripts/run-tests.mjs`), so that no test, foreign client or started gateway can go
 * round it; `judge.ts` reads what was written.
 */
import { createHash, randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join } from "node:path";
import { readServedWsdl } from "./read-served-wsdl.js";

/** One line of a record. */
export interface RecordedExchange {
  /** The endpoint, under whose name its WSDL is written down. */
  readonly endpoint: string;
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as Node has them. */
  readonly requestHeaders: readonly string[];
  /** In base64, as all bodies. */
  readonly requestBody: string;
  /** Status line and headers. */
  readonly replyHead: string;
  readonly replyBody: string;
}

/** Of bodies as large as this, in bytes, only the first few are kept: a test of speed sends thousands that are alike. */
const LARGE = 256 * 1024;
const MOST_LARGE = 4;

const SOAP_PATH = /^\/soap(12)?\//;

const folder = process.env["MESSAGE_RECORDS"];
const seen = new Set<string>();
const endpoints = new WeakMap<Server, Map<string, string>>();
/** Not its number: in the hour of a whole run numbers are given out again. */
const PROCESS = randomUUID();

let large = 0;
let count = 0;

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

if (folder !== undefined) {
  subscribe("http.server.request.start", (message) => {
    const { request, response, server } = message as Started;
    if (SOAP_PATH.test(request.url ?? "")) recordExchange(folder, request, response, server);
  });
}

function recordExchange(
  to: string,
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
): void {
  const asked = tap(request, "push");
  const written = tap(response, "write");
  const ended = tap(response, "end");
  response.once("finish", () => {
    const requestBody = Buffer.concat(asked);
    const replyBody = request.method === "HEAD" ? Buffer.alloc(0) : Buffer.concat([...written, ...ended]);
    if (requestBody.length + replyBody.length > LARGE && (large += 1) > MOST_LARGE) return;
    const replyHead = String(Reflect.get(response, "_header"));
    const id = /^x-request-id: (.*)$/im.exec(replyHead)?.[1]?.trim() ?? "";
    const heads = JSON.stringify([request.method, request.url, request.rawHeaders, replyHead]);
    // Two exchanges that differ in their request id and the time of day are one.
    const same = createHash("sha1")
      .update(
        heads
          .replaceAll(id, "")
          .replace(/Date: [^\\]*/, "")
          .replace(/127\.0\.0\.1:\d+/, ""),
      )
      .update(requestBody)
      .update(replyBody.toString("latin1").replaceAll(id, ""))
      .digest("base64");
    if (seen.has(same)) return;
    seen.add(same);
    const record: RecordedExchange = {
      endpoint: endpointOf(to, server, (request.url ?? "").split("?", 1)[0] ?? ""),
      method: request.method ?? "",
      target: request.url ?? "",
      requestHeaders: request.rawHeaders,
      requestBody: requestBody.toString("base64"),
      replyHead,
      replyBody: replyBody.toString("base64"),
    };
    appendFileSync(join(to, `${PROCESS}.jsonl`), `${JSON.stringify(record)}\n`);
  });
}

/** The pieces that a stream is given from now on; it gets them as before. */
function tap(stream: IncomingMessage | ServerResponse, method: "push" | "write" | "end"): readonly Buffer[] {
  const pieces: Buffer[] = [];
  const original: unknown = Reflect.get(stream, method);
  if (typeof original !== "function") throw new Error(`An HTTP message has no ${method}().`);
  Reflect.set(stream, method, (...args: unknown[]): unknown => {
    const [piece, encoding] = args;
    if (typeof piece === "string") {
      pieces.push(Buffer.from(piece, encoding === "latin1" ? "latin1" : "utf8"));
    } else if (piece instanceof Uint8Array) pieces.push(Buffer.from(piece));
    const answer: unknown = Reflect.apply(original, stream, args);
    return answer;
  });
  return pieces;
}

/** One WSDL, as it was served. */
export interface RecordedWsdl {
  readonly endpoint: string;
  readonly text: string;
}

/** The name of an endpoint. When it is new, its WSDL is asked for and written beside the records. */
function endpointOf(to: string, server: Server, path: string): string {
  const known = endpoints.get(server) ?? new Map<string, string>();
  endpoints.set(server, known);
  const name = known.get(path);
  if (name !== undefined) return name;
  const endpoint = `${PROCESS}-${(count += 1)}`;
  known.set(path, endpoint);
  readServedWsdl(server, path, (text) => {
    const line: RecordedWsdl = { endpoint, text };
    appendFileSync(join(to, `${PROCESS}.wsdls.jsonl`), `${JSON.stringify(line)}\n`);
  });
  return endpoint;
}
