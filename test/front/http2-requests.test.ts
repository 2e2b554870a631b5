/** SOAP and files over HTTP/2: the same endpoints as over HTTP/1.1, and the same answers. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as http1Request, type IncomingMessage } from "node:http";
import { constants, type ClientHttp2Session } from "node:http2";
import { after, before, suite, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Service } from "../../src/contract/model.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import {
  connectRaw,
  endOf,
  frame,
  Flags,
  literals,
  nameOf,
  REQUEST,
  resetOf,
  Type,
  word,
} from "../http2/raw-peer.js";
import {
  ask,
  begin,
  connectHttp2,
  replyOn,
  type Http2Reply,
  type Http2Request,
} from "../support/http2-client.js";
import type { Json } from "../support/json-of-type.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";
import { soapRequest } from "../support/soap-client.js";

const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Json>;
const FLAGS = {
  processes: "1",
  maxMessageBytes: "200000",
  maxReceivingBytes: "400000",
  maxHeaders: "20",
  maxUrlBytes: "1000",
  maxHeaderBytes: "4000",
  compressFromBytes: "600",
};
const XML = { "content-type": "text/xml; charset=utf-8" };

let served: ServedExample;
let session: ClientHttp2Session;
let service: Service;
let good: string;
let path: string;

before(async () => {
  served = await serveExample(repository("examples/credit_decision/artifact"), FLAGS);
  ({ service } = served);
  good = soapRequest(service, SAMPLE);
  path = soapVersionPath(service, "1.1");
  session = await connectHttp2(served.base);
});

after(async () => {
  session.destroy();
  assert.equal(served.gateway.load().receivingBytes, 0);
  await served.gateway.stop();
});

async function overHttp1({ method, path: target, headers, body }: Http2Request): Promise<Http2Reply> {
  const [host, port] = served.address.split(":");
  const outgoing = http1Request({
    host,
    port,
    method,
    path: target,
    headers: headers as Record<string, string>,
    agent: false,
  });
  outgoing.end(method === "GET" || method === "HEAD" ? undefined : (body ?? ""));
  const [reply] = (await once(outgoing, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return { status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks), resetCode: 0 };
}

/** What has to be the same: all but the connection, the time of day, and ids that were made up. */
function essence({ status, headers, body }: Http2Reply): unknown {
  assert.match(String(headers.date), / GMT$/);
  const own = ["date", "connection", "keep-alive", ":status"];
  const rest = Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));
  const id = "x-request-id";
  if (rest[id] !== REQUEST_ID[id]) rest[id] = rest[id] === undefined ? "none" : "made up";
  return { status, fields: Object.entries(rest).sort(), body: body.toString("latin1") };
}

const REQUEST_ID = { "x-request-id": "r-1" };

/** Requests by what they are, each as it is answered by both. */
function requests(): Record<string, Http2Request> {
  const soap12 = soapVersionPath(service, "1.2");
  const envelope12 = good.replaceAll(
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
  );
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}): Http2Request => ({
    method: "POST",
    path,
    headers: { ...XML, ...REQUEST_ID, ...headers },
    body,
  });
  const get = (target: string, headers: Record<string, string> = {}): Http2Request => ({
    method: "GET",
    path: target,
    headers,
  });
  return {
    "a call in SOAP 1.1": post(good),
    "a call in SOAP 1.2": {
      ...post(envelope12),
      path: soap12,
      headers: { "content-type": "application/soap+xml", ...REQUEST_ID },
    },
    "a call with gzip": post(gzipSync(good), { "content-encoding": "gzip" }),
    "a reply with gzip": post(good, { "accept-encoding": "gzip" }),
    "a fault": post("<a/>"),
    "no body": post(""),
    "not gzip": post(good, { "content-encoding": "gzip" }),
    "another coding": post(good, { "content-encoding": "br" }),
    "another media type": post(good, { "content-type": "application/json" }),
    "gRPC-Web": post(good, { "content-type": "application/grpc-web+proto" }),
    "too large": post("x".repeat(200_001)),
    "too dense": post(gzipSync(Buffer.alloc(190_000)), { "content-encoding": "gzip" }),
    "another SOAP": { ...post(good), path: soap12 },
    "the WSDL": get(`${path}?wsdl`),
    "the WSDL with gzip": get(`${path}?wsdl`, { "accept-encoding": "gzip" }),
    "the head of the WSDL": { ...get(`${path}?wsdl`), method: "HEAD" },
    "the schema": get(`${path}?xsd`),
    "the page": get("/"),
    "a contract file": get(`/contracts/${service.alias}/v1/proto/${service.alias}/v1/${service.alias}.proto`),
    "another path": get("/nothing"),
    "a path of another form": get("//%zz"),
    "another method": { method: "DELETE", path },
    "OPTIONS of everything": { method: "OPTIONS", path: "*" },
    "a method that nobody knows": { method: "BREW", path: "/" },
    "a long target": get(`/${"x".repeat(1000)}`),
    "many fields": get("/", Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x-${at}`, "1"]))),
    "another expectation": post(good, { expect: "a miracle" }),
    "gRPC-Web to a method": {
      ...post(good, { "content-type": "application/grpc-web" }),
      path: `/${service.protoPackage}.${service.name}/Evaluate`,
    },
  };
}

/** The statuses that both have to give. */
const STATUSES: Readonly<Record<string, number>> = {
  "a fault": 500,
  "no body": 500,
  "not gzip": 500,
  "another coding": 415,
  "another media type": 415,
  "gRPC-Web": 415,
  "too large": 413,
  "too dense": 413,
  "another SOAP": 415,
  "another path": 404,
  "a path of another form": 404,
  "another method": 405,
  "OPTIONS of everything": 404,
  "a method that nobody knows": 405,
  "a long target": 414,
  "many fields": 431,
  "another expectation": 417,
  "gRPC-Web to a method": 415,
};

suite("over either HTTP", () => {
  test("every request is answered the same", async (t) => {
    for (const [name, request] of Object.entries(requests())) {
      await t.test(name, async () => {
        const reply = await ask(session, service, request);
        assert.equal(reply.status, STATUSES[name] ?? 200);
        // The parser of HTTP/1.1 knows a closed list of methods.
        if (request.method === "BREW") return;
        const first = await overHttp1(request);
        // Node 24 stops to parse at a number of fields, and Node 20 does not: who refuses them words it.
        if (name === "many fields") assert.equal(first.status, reply.status);
        else assert.deepEqual(essence(reply), essence(first));
      });
    }
  });

  test("a document that the caller has is not sent again", async () => {
    const target = { method: "GET", path: `${path}?wsdl` };
    const { headers } = await ask(session, service, target);
    assert.match(String(headers.etag), /^"[0-9a-f]{64}"$/);
    const known = { ...target, headers: { "if-none-match": String(headers.etag) } };
    const reply = await ask(session, service, known);
    assert.deepEqual([reply.status, reply.body.length, reply.headers["content-length"]], [304, 0, undefined]);
    assert.deepEqual(essence(reply), essence(await overHttp1(known)));
  });

  test("the request id goes both ways, and is in the log", async () => {
    const reply = await ask(session, service, {
      method: "POST",
      path,
      headers: { ...XML, "x-request-id": "h2-77" },
      body: good,
    });
    assert.equal(reply.headers["x-request-id"], "h2-77");
    const record = served.calls.find(({ requestId }) => requestId === "h2-77");
    assert.deepEqual([record?.protocol, record?.code], ["soap", "ok"]);
  });

  test("gRPC and SOAP share a connection", async () => {
    const health = begin(session, {
      method: "POST",
      path: "/grpc.health.v1.Health/Check",
      headers: { "content-type": "application/grpc", te: "trailers" },
    });
    health.end(Buffer.alloc(5));
    const [soap, grpc] = await Promise.all([
      ask(session, service, { method: "POST", path, headers: XML, body: good }),
      replyOn(health),
    ]);
    assert.equal(soap.status, 200);
    assert.deepEqual([grpc.status, grpc.body.toString("hex")], [200, "00000000020801"]);
  });

  test("a hundred calls at once are all answered", async () => {
    const ids = Array.from({ length: 100 }, (_, at) => `many-${at}`);
    const replies = await Promise.all(
      ids.map((id) =>
        ask(session, service, { method: "POST", path, headers: { ...XML, "x-request-id": id }, body: good }),
      ),
    );
    for (const [at, { status, headers }] of replies.entries()) {
      assert.deepEqual([status, headers["x-request-id"]], [200, ids[at]]);
    }
  });
});

suite("bodies", () => {
  test("one that is too large is refused while it is being sent, whatever it declares", async () => {
    const stream = begin(session, { method: "POST", path, headers: XML });
    const reply = replyOn(stream);
    const chunk = Buffer.alloc(16_384, 0x20);
    const sendOn = (): void => {
      while (!stream.destroyed && stream.writable && stream.write(chunk));
    };
    stream.on("drain", sendOn);
    sendOn();
    const { status, resetCode } = await reply;
    assert.deepEqual([status, resetCode], [413, 0]);
    const declared = begin(session, {
      method: "POST",
      path,
      headers: { ...XML, "content-length": "200001" },
    });
    assert.equal((await replyOn(declared)).status, 413, "before a byte of it has come");
  });

  test("one that is declared twice to be too large is refused before a byte of it has come", async (t) => {
    const peer = await connectRaw(t, Number(served.address.split(":").at(-1)));
    const length: readonly [string, string] = ["content-length", "200001"];
    const fields = [...REQUEST.filter(([name]) => name !== ":path"), [":path", path] as const];
    const block = literals([...fields, ["content-type", "text/xml"], length, length]);
    peer.send(frame(Type.headers, Flags.endHeaders, 1, block));
    const { payload } = await peer.next(({ type, streamId }) => type === Type.headers && streamId === 1);
    assert.match(payload.toString("latin1"), /413/);
  });

  test("one that its caller sends when it is told to", async () => {
    const stream = begin(session, { method: "POST", path, headers: { ...XML, expect: "100-continue" } });
    const reply = replyOn(stream);
    await once(stream, "continue");
    stream.end(good);
    assert.equal((await reply).status, 200);
    const refused = begin(session, { method: "POST", path, headers: { expect: "100-continue" } });
    let isTold = false;
    refused.on("continue", () => (isTold = true));
    assert.equal((await replyOn(refused)).status, 415);
    assert.equal(isTold, false, "what the head decides is decided first");
  });

  test("one that never comes is given up", async () => {
    const slow = await serveExample(repository("examples/credit_decision/artifact"), {
      ...FLAGS,
      bodyTimeoutMs: "50",
    });
    try {
      const own = await connectHttp2(slow.base);
      const stream = begin(own, { method: "POST", path, headers: XML });
      stream.write("<a");
      const { status, resetCode } = await replyOn(stream);
      assert.deepEqual([status, resetCode, slow.gateway.load().receivingBytes], [408, 0, 0]);
      assert.equal((await ask(own, service, { method: "POST", path, headers: XML, body: good })).status, 200);
      own.destroy();
    } finally {
      await slow.gateway.stop();
    }
  });

  test("so many that arrive at once that memory is short are told to come back", async () => {
    const held = Array.from({ length: 3 }, () => begin(session, { method: "POST", path, headers: XML }));
    const replies = held.map(replyOn);
    for (const stream of held) stream.write(Buffer.alloc(180_000, 0x20));
    const first = await Promise.race(replies);
    assert.deepEqual([first.status, first.headers["retry-after"]], [503, "1"]);
    for (const stream of held) stream.close(constants.NGHTTP2_CANCEL);
    await Promise.all(replies);
    while (served.gateway.load().receivingBytes > 0) await new Promise(setImmediate);
  });
});

test("a caller who goes in the middle of a request leaves nothing behind", async () => {
  const before = served.calls.length;
  const stream = begin(session, { method: "POST", path, headers: XML });
  stream.write(good.slice(0, 50));
  while (served.gateway.load().receivingBytes === 0) await new Promise(setImmediate);
  stream.close(constants.NGHTTP2_CANCEL);
  while (served.calls.length === before) await new Promise(setImmediate);
  assert.equal(served.calls.at(-1)?.code, "invalid_input");
  assert.equal(served.gateway.load().receivingBytes, 0);
});

suite("the rules of HTTP/2", () => {
  const BASE: readonly [string, string][] = [
    [":method", "POST"],
    [":scheme", "http"],
    [":authority", "gateway"],
  ];
  const whole = (...more: readonly [string, string][]): [string, string][] => [
    ...BASE,
    [":path", path],
    ["content-type", "text/xml"],
    ...more,
  ];
  const port = (): number => Number(served.address.split(":")[1]);

  test("fields of a connection make a request malformed", async (t) => {
    const peer = await connectRaw(t, port());
    let id = 1;
    for (const field of [
      ["connection", "close"],
      ["keep-alive", "timeout=1"],
      ["transfer-encoding", "chunked"],
      ["upgrade", "h2c"],
      ["te", "gzip"],
      ["Content-Type", "text/xml"],
    ] as const) {
      peer.send(frame(Type.headers, Flags.endHeaders | Flags.end, id, literals(whole([...field]))));
      const { payload } = await peer.next(resetOf(id));
      assert.equal(nameOf(payload.readUInt32BE(0)), "PROTOCOL_ERROR", field[0]);
      id += 2;
    }
  });

  test("a body of another length than it declares is a stream error", async (t) => {
    const peer = await connectRaw(t, port());
    const head = literals(whole(["content-length", "5"]));
    peer.send(
      frame(Type.headers, Flags.endHeaders, 1, head),
      frame(Type.data, Flags.end, 1, Buffer.from("four")),
      frame(Type.headers, Flags.endHeaders, 3, head),
      frame(Type.data, Flags.end, 3, Buffer.from("sixsix")),
    );
    for (const id of [1, 3]) {
      const { payload } = await peer.next(resetOf(id));
      assert.equal(nameOf(payload.readUInt32BE(0)), "PROTOCOL_ERROR");
    }
  });

  test("a request for no host is refused", async (t) => {
    const peer = await connectRaw(t, port());
    const fields = whole().filter(([name]) => name !== ":authority");
    peer.send(frame(Type.headers, Flags.endHeaders | Flags.end, 1, literals(fields)));
    const { payload } = await peer.next(({ type, streamId }) => type === Type.headers && streamId === 1);
    // RFC 7541, appendix A: index 12 is ":status: 400".
    assert.equal(payload[0], 0x80 | 12);
    await peer.next(endOf(1));
  });

  test("CONNECT is no method of an origin server", async () => {
    const stream = session.request({ ":method": "CONNECT", ":authority": "elsewhere:443" });
    stream.on("error", () => undefined);
    const { status, headers } = await replyOn(stream);
    assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
  });

  test("a caller that takes nothing of its reply for replyTimeoutMs loses it", async (t) => {
    const impatient = await serveExample(repository("examples/credit_decision/artifact"), {
      ...FLAGS,
      replyTimeoutMs: "100",
    });
    try {
      // SETTINGS_INITIAL_WINDOW_SIZE 1: one byte of each reply.
      const peer = await connectRaw(
        t,
        Number(impatient.address.split(":")[1]),
        Buffer.concat([Buffer.of(0, 4), word(1)]),
      );
      const fields = BASE.map(([name, value]): [string, string] => [
        name,
        name === ":method" ? "GET" : value,
      ]);
      peer.send(frame(Type.headers, Flags.endHeaders | Flags.end, 1, literals([...fields, [":path", "/"]])));
      const { payload } = await peer.next(resetOf(1));
      assert.equal(nameOf(payload.readUInt32BE(0)), "CANCEL");
    } finally {
      await impatient.gateway.stop();
    }
  });
});

test("a gateway that stops answers what its callers began before they knew", async () => {
  const stopping = await serveExample(repository("examples/credit_decision/artifact"), FLAGS);
  const own = await connectHttp2(stopping.base);
  const call = { method: "POST", path, headers: XML, body: good };
  // A connection that has said nothing yet has nothing to lose, and is closed.
  assert.equal((await ask(own, service, call)).status, 200);
  const calls = Array.from({ length: 20 }, () => ask(own, service, call));
  const goAway = once(own, "goaway");
  const stopped = stopping.gateway.stop();
  for (const { status } of await Promise.all(calls)) assert.equal(status, 200);
  await goAway;
  await stopped;
});

test("curl by prior knowledge gets what it asks for", async () => {
  const args = [
    "-sS",
    "--http2-prior-knowledge",
    "-w",
    "\n%{http_code} %{http_version}",
    "-H",
    'SOAPAction: ""',
  ];
  const type = ["-H", "Content-Type: text/xml; charset=utf-8"];
  const url = `${served.base}${path}`;
  const run = promisify(execFile);
  const call = await run("curl", [...args, ...type, "--data-binary", good, url]);
  assert.match(call.stdout, /<decision>APPROVE<\/decision>[^]*\n200 2$/);
  const compressed = await run("curl", [...args, "--compressed", `${url}?wsdl`]);
  assert.match(compressed.stdout, /<\/wsdl:definitions>\n?\n200 2$/);
  const large = "x".repeat(300_000);
  const refused = run("curl", [...args, ...type, "--data-binary", "@-", url]);
  refused.child.stdin?.end(large);
  assert.match((await refused).stdout, /too_large[^]*\n413 2$/);
});

test("gzip of a reply is that of HTTP/1.1", async () => {
  const headers = { ...XML, "accept-encoding": "gzip" };
  const { body } = await ask(session, service, { method: "POST", path, headers, body: good });
  assert.match(gunzipSync(body).toString(), /<decision>APPROVE<\/decision>/);
});
