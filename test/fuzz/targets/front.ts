/**
 * Raw bytes on a connection of its own to a running gateway: they are answered whole, with replies that are valid, and
 * the connection is closed when its caller has gone.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { XmlDocument } from "libxml2-wasm";
import { SOAP_VERSIONS, soapVersionPath } from "../../../src/contract/soap-names.js";
import { generateWsdl } from "../../../src/wsdl/generate-wsdl.js";
import { soapRequest } from "../../support/soap-client.js";
import type { Json } from "../../support/json-of-type.js";
import { ENVELOPES, MEDIA_TYPES } from "../../support/messages/exchange.js";
import { invalidIn } from "../../support/messages/reply-schema.js";
import { repository, serveExample } from "../../support/served-example.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { XML_WORDS } from "./requests.js";

/** How long a connection may stay open after the caller has said all it has to say, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How long nothing has to come before the caller goes, in milliseconds. */
const QUIET_MS = 20;

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Json>;

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
    'SOAPAction: "urn:x:Purge"\r\n',
    "X-Request-Id: a\r\n",
    "0\r\n\r\n",
    "5\r\nhello\r\n",
    "ffffffffffffffff\r\n",
    PREFACE,
    "__proto__: x\r\n",
  ],
];

export async function openFront(): Promise<FuzzTarget> {
  const served = await serveExample(repository("examples/credit_decision/artifact"), {
    processes: "1",
    // Long enough for whoever sends, short enough for inputs that stop in the middle.
    headersTimeoutMs: "1000",
    bodyTimeoutMs: "1000",
    keepAliveTimeoutMs: "1000",
  });
  const { service, gateway } = served;
  const wsdls = new Map(
    SOAP_VERSIONS.map((version) => [version, generateWsdl(service, "http://localhost/", version)] as const),
  );
  const good = soapRequest(service, SAMPLE);
  const path = soapVersionPath(service, "1.1");
  const post = (body: string | Uint8Array, headers = ""): Buffer =>
    Buffer.concat([
      Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml; charset=utf-8\r\n${headers}` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
      ),
      Buffer.from(body),
    ]);
  const newer = post(good.replace(ENVELOPES["1.1"], ENVELOPES["1.2"]))
    .toString()
    .replace(path, soapVersionPath(service, "1.2"))
    .replace("text/xml", MEDIA_TYPES["1.2"]);
  const chunked =
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n` +
    `${Buffer.byteLength(good).toString(16)}\r\n${good}\r\n0\r\n\r\n`;
  const get = (target: string, method = "GET"): string => `${method} ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const seeds = [
    post(good),
    Buffer.concat([post(good), post(good), post(good)]),
    newer,
    chunked,
    post(good, 'SOAPAction: ""\r\nExpect: 100-continue\r\nConnection: close\r\n'),
    post(gzipSync(good), "Content-Encoding: gzip\r\nAccept-Encoding: gzip\r\n"),
    get(`${path}?wsdl`),
    get("/"),
    get(`${path}?wsdl`, "HEAD") + post("<a/>").toString(),
    post(`<?xml version="1.0"?>${good}`, "Content-Encoding: identity\r\n"),
    // HTTP/2: the preface, empty settings, and a ping.
    Buffer.concat([
      Buffer.from(PREFACE),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
      Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ]),
  ];
  return {
    seeds: seeds.map((seed) => Buffer.from(seed)),
    words: [...WORDS, ...XML_WORDS, path, soapVersionPath(service, "1.2")],
    close: () => gateway.stop(),
    async run(input) {
      const text = await converse(gateway.addresses.application, input);
      // What the gateway has told of its calls is no memory of its own.
      served.calls.length = 0;
      if (Buffer.from(input).toString("latin1").startsWith(PREFACE)) return;
      for (const { status, body } of splitReplies(text)) {
        assert.ok(status >= 100 && status < 600, `status ${status}`);
        const version = SOAP_VERSIONS.find((each) => body.includes(`="${ENVELOPES[each]}"`));
        if (version === undefined || body.includes("definitions")) continue;
        const xml = XmlDocument.fromString(body);
        assert.deepEqual(invalidIn(xml, version, wsdls.get(version)), []);
        xml.dispose();
      }
    },
  };
}

/** Everything that comes back until the connection is closed. */
async function converse(address: string, input: Uint8Array): Promise<string> {
  const { hostname: host, port } = new URL(`http://${address}`);
  const socket = connect({ port: Number(port), host, allowHalfOpen: true });
  const pieces: Buffer[] = [];
  // A server may reset a connection on which more comes than it wants to read.
  let late = false;
  socket.on("error", (error) => (late = error.message === "late"));
  const closed = once(socket, "close");
  const timer = setTimeout(() => socket.destroy(new Error("late")), PATIENCE_MS);
  // Who closes its half has gone, and gets no reply: it is closed when nothing comes any more.
  const ending = setTimeout(() => socket.end(), QUIET_MS);
  socket.on("data", (piece: Buffer) => {
    pieces.push(piece);
    ending.refresh();
  });
  // Its other half: a server that has ended the conversation is not waited for.
  socket.on("end", () => socket.end());
  const half = input.length >> 1;
  socket.write(input.subarray(0, half));
  socket.write(input.subarray(half));
  await closed;
  clearTimeout(timer);
  clearTimeout(ending);
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
