/** What went over one connection of HTTP/1.1, taken apart after the event. Strict: it reads what clients and gateway really sent. */
import assert from "node:assert/strict";

export interface HttpMessage {
  /** `POST /soap/… HTTP/1.1`, or `HTTP/1.1 200 OK`. */
  readonly startLine: string;
  /** By names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  /** Without chunks, but packed if it was. */
  readonly body: Buffer;
}

export interface Exchange {
  /** Number of its connection, from 0. */
  readonly connection: number;
  readonly request: HttpMessage;
  readonly reply: HttpMessage;
  /** Whether `100 Continue` came before the reply. */
  readonly continued: boolean;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** @param sent what the client sent @param answered what it got */
export function exchangesOf(connection: number, sent: Buffer, answered: Buffer): readonly Exchange[] {
  const requests = messagesOf(sent, () => false);
  const replies = messagesOf(answered, (index) => requests[index]?.startLine.startsWith("HEAD ") ?? false);
  assert.equal(replies.length, requests.length, "each request has a reply");
  return requests.map((request, index) => {
    const { continued, ...reply } = replies[index] ?? assert.fail();
    const { startLine, headers, body } = request;
    return { connection, request: { startLine, headers, body }, reply, continued };
  });
}

/** Whether a first request, with a stated length, is there to its last byte. */
export function isWholeRequest(bytes: Buffer): boolean {
  if (!bytes.includes(END_OF_HEAD)) return false;
  const { headers, end } = readHead(bytes, 0);
  return bytes.length >= end + Number(headers.get("content-length") ?? "0");
}

interface Read extends HttpMessage {
  readonly continued: boolean;
}

function messagesOf(bytes: Buffer, isBodiless: (index: number) => boolean): readonly Read[] {
  const messages: Read[] = [];
  let continued = false;
  for (let at = 0; at < bytes.length;) {
    const head = readHead(bytes, at);
    if (head.startLine.startsWith("HTTP/1.1 100 ")) {
      continued = true;
      at = head.end;
      continue;
    }
    const { startLine, headers } = head;
    const bodiless = isBodiless(messages.length) || startLine.startsWith("HTTP/1.1 304 ");
    const { body, end } = bodiless ? { body: Buffer.alloc(0), end: head.end } : readBody(bytes, head);
    messages.push({ startLine, headers, body, continued });
    continued = false;
    at = end;
  }
  return messages;
}

interface Head {
  readonly startLine: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the body begins. */
  readonly end: number;
}

function readHead(bytes: Buffer, from: number): Head {
  const end = bytes.indexOf(END_OF_HEAD, from);
  assert.ok(end >= 0, "a head has an end");
  const [startLine = "", ...lines] = bytes.toString("latin1", from, end).split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? assert.fail(line);
    assert.ok(!headers.has(name.toLowerCase()), `${name} comes once`);
    headers.set(name.toLowerCase(), value);
  }
  return { startLine, headers, end: end + END_OF_HEAD.length };
}

function readBody(bytes: Buffer, { headers, end }: Head): { body: Buffer; end: number } {
  if (headers.get("transfer-encoding") === "chunked") return readChunks(bytes, end);
  const length = Number(headers.get("content-length") ?? "0");
  assert.ok(Number.isSafeInteger(length) && end + length <= bytes.length, "a body is as long as it says");
  return { body: bytes.subarray(end, end + length), end: end + length };
}

function readChunks(bytes: Buffer, from: number): { body: Buffer; end: number } {
  const chunks: Buffer[] = [];
  for (let at = from; ;) {
    const line = bytes.indexOf("\r\n", at);
    const length = Number.parseInt(bytes.toString("latin1", at, line), 16);
    assert.ok(line >= 0 && length >= 0, "a chunk says its length");
    const start = line + 2;
    assert.equal(bytes.toString("latin1", start + length, start + length + 2), "\r\n");
    if (length === 0) return { body: Buffer.concat(chunks), end: start + 2 };
    chunks.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
}
