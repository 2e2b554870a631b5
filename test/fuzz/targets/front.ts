/** Raw bytes on a connection of its own: every one is answered whole and closed, with replies that are valid. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { newStruct } from "../../../src/values.js";
import { envelope, NAMESPACE, payload, startHarness } from "../../soap/soap-harness.js";
import { invalidIn } from "../../support/messages/reply-schema.js";
import { XmlDocument } from "libxml2-wasm";
import type { FuzzTarget } from "../fuzz-target.js";
import { XML_WORDS } from "./requests.js";

/** How long a connection may stay open after the caller has said all it has to say, in milliseconds. */
const PATIENCE_MS = 10_000;

const WORDS = [
  ...[
    "POST ",
    "GET ",
    "HEAD ",
    "PUT ",
    "OPTIONS * ",
    "CONNECT x:1 ",
    " HTTP/1.1\r\n",
    " HTTP/1.0\r\n",
    " HTTP/2.0\r\n",
    "\r\n",
    "\n",
    "\r\n\r\n",
    "\r",
    "\0",
    "//",
    "%zz",
    "?wsdl",
    "?xsd",
    "http://x/",
  ],
  ...[
    "Host: x\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
  ],
  ...[
    "Connection: close\r\n",
    "Connection: keep-alive\r\n",
    "Upgrade: h2c\r\n",
    "Expect: 100-continue\r\n",
    "Expect: x\r\n",
    "Content-Encoding: gzip\r\n",
    "Accept-Encoding: gzip\r\n",
    "Content-Type: text/xml\r\n",
    " folded\r\n",
  ],
  ...[
    'SOAPAction: ""\r\n',
    `SOAPAction: "${NAMESPACE}:Purge"\r\n`,
    "X-Request-Id: a\r\n",
    "0\r\n\r\n",
    "5\r\nhello\r\n",
    "ffffffffffffffff\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "__proto__: x\r\n",
  ],
];

export async function openFront(): Promise<FuzzTarget> {
  const server = await startHarness({ evaluate: decision, limits: { defaultTimeoutMs: 2000 } });
  const post = (body: string, headers = ""): string =>
    `POST ${server.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml; charset=utf-8\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const good = envelope(payload());
  const chunked = `POST ${server.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(good).toString(16)}\r\n${good}\r\n0\r\n\r\n`;
  const seeds = [
    post(good),
    post(good).repeat(3),
    chunked,
    post(good, 'SOAPAction: ""\r\nExpect: 100-continue\r\nConnection: close\r\n'),
    `GET ${server.path}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n`,
    `HEAD ${server.path}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n${post("<a/>")}`,
    post(`<?xml version="1.0"?>${good}`, "Content-Encoding: identity\r\n"),
  ];
  return {
    seeds: seeds.map((seed) => Buffer.from(seed)),
    words: [...WORDS, ...XML_WORDS],
    async close() {
      await server[Symbol.asyncDispose]();
    },
    async run(input) {
      for (const { status, body } of splitReplies(await converse(server.port, input))) {
        assert.ok(status >= 100 && status < 600, `status ${status}`);
        if (!body.includes("http://schemas.xmlsoap.org/soap/envelope/") || body.includes("definitions"))
          continue;
        const xml = XmlDocument.fromString(body);
        assert.deepEqual(invalidIn(xml, "1.1", server.wsdl), []);
        xml.dispose();
      }
    },
  };
}

function decision(): ReturnType<typeof newStruct> {
  const result = newStruct();
  result["decision"] = "approve";
  return result;
}

/** Everything that comes back until the server closes the connection. */
async function converse(port: number, input: Uint8Array): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  // A server may reset a connection on which more comes than it wants to read.
  socket.on("error", () => socket.destroy());
  const closed = once(socket, "close");
  const timer = setTimeout(() => socket.destroy(new Error("late")), PATIENCE_MS);
  let late = false;
  socket.once("error", (error) => (late = error.message === "late"));
  // Its other half: a server that has ended the conversation is not waited for.
  socket.on("end", () => socket.end());
  const half = input.length >> 1;
  socket.write(input.subarray(0, half));
  socket.end(input.subarray(half));
  await closed;
  clearTimeout(timer);
  assert.ok(!late, "the connection is neither answered nor closed");
  return Buffer.concat(pieces).toString("latin1");
}

interface RawReply {
  readonly status: number;
  readonly body: string;
}

/** Replies one after the other, by the lengths they say. */
function splitReplies(text: string): readonly RawReply[] {
  const replies: RawReply[] = [];
  let rest = text;
  while (rest !== "") {
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(rest) ?? [];
    assert.ok(status !== undefined, "what comes back is no reply");
    const head = rest.slice(0, rest.indexOf("\r\n\r\n") + 4);
    assert.ok(head.length > 4, "a reply ends in its head");
    const isChunked = /^transfer-encoding: chunked\r$/im.test(head);
    const length = isChunked
      ? rest.indexOf("\r\n0\r\n\r\n", head.length - 2) + 7 - head.length
      : Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
    const body = rest.slice(head.length, head.length + length);
    // The reply to HEAD says the length of what it does not carry.
    const whole = body.length === length && !(length > 0 && /^HTTP\/1\.1 \d/.test(body));
    replies.push({ status: Number(status), body: whole ? Buffer.from(body, "latin1").toString("utf8") : "" });
    rest = rest.slice(head.length + (whole ? length : 0));
  }
  return replies;
}
