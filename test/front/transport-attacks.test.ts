/** The transport attacks of the attack list, one test each, on raw sockets against a running gateway. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { attackedGateway, codeOf } from "./attacked-gateway.js";

const attacked = attackedGateway({ maxHeaders: "20", maxUrlBytes: "1000", maxHeaderBytes: "4000" });
const { answer, open, post, good, path } = attacked;

/** The `Content-Encoding` of the compressed bodies. */
const GZIP = "Content-Encoding: gzip";

suite("oversize body", () => {
  test("declared", async () => {
    const connection = open(post("x", "Content-Length: 999999999"));
    const reply = await connection.reply();
    assert.deepEqual([reply.status, codeOf(reply)], [413, "too_large"]);
    assert.equal(reply.headers.get("connection"), "close");
    assert.equal(await connection.closed(), 0, "by the gateway, though the rest never comes");
  });

  test("declared larger than a number can be", async () => {
    assert.equal((await answer(post("x", `Content-Length: ${"9".repeat(30)}`))).status, 400);
  });

  test("chunked", async () => {
    const connection = open(post("", "Transfer-Encoding: chunked"));
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    for (let sent = 0; sent <= 100_000; sent += 0x4000) connection.send(chunk);
    const reply = await connection.reply();
    assert.deepEqual([reply.status, codeOf(reply)], [413, "too_large"]);
    assert.equal(reply.headers.get("connection"), "close");
    connection.send("0\r\n\r\n");
    assert.equal(await connection.closed(), 0);
  });

  test("chunk extensions", async () => {
    const reply = await answer(
      post(`1;${"x".repeat(20_000)}\r\nx\r\n0\r\n\r\n`, "Transfer-Encoding: chunked"),
    );
    assert.equal(reply.status, 413);
  });

  test("trailers", async () => {
    const trailers = "a: b\r\n".repeat(5000);
    const reply = await answer(post(`0\r\n${trailers}\r\n`, "Transfer-Encoding: chunked"));
    assert.equal(reply.status, 431);
  });
});

suite("bad or oversized gzip", () => {
  test("not gzip", async () => {
    const reply = await answer(post(good(), GZIP));
    assert.deepEqual([reply.status, codeOf(reply)], [500, "invalid_input"]);
    assert.doesNotMatch(reply.body.toString(), /header check|zlib|Z_/, "nothing of zlib's own words");
  });

  test("truncated", async () => {
    assert.equal(codeOf(await answer(post(gzipSync(good()).subarray(0, -4), GZIP))), "invalid_input");
  });

  test("trailing garbage", async () => {
    const body = Buffer.concat([gzipSync(good()), Buffer.from("<x/>")]);
    assert.equal(codeOf(await answer(post(body, GZIP))), "invalid_input");
  });

  test("a bomb is stopped early", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const connection = open(post(bomb.subarray(0, 20_000), GZIP, `Content-Length: ${bomb.length}`));
    const reply = await connection.reply();
    assert.deepEqual([reply.status, codeOf(reply)], [413, "too_large"], "before the rest has been sent");
    connection.socket.destroy();
  });

  test("gzip ratio", async () => {
    const message = good().replace("</e:Body>", `</e:Body>${" ".repeat(95_000)}`);
    const reply = await answer(post(gzipSync(message, { level: 9 }), GZIP));
    assert.equal(reply.status, 200, "white space within the ratio of 200");
    const zeros = await answer(post(gzipSync(Buffer.alloc(99_000), { level: 9 }), GZIP));
    assert.deepEqual([zeros.status, codeOf(zeros)], [413, "too_large"]);
  });

  test("and good gzip is answered", async () => {
    for (const line of [GZIP, "content-encoding: GZIP", "Content-Encoding: x-gzip"]) {
      assert.equal((await answer(post(gzipSync(good()), line))).status, 200, line);
    }
  });
});

test("unknown Content-Encoding", async () => {
  for (const coding of ["br", "deflate", "gzip, gzip", "aes"]) {
    const reply = await answer(post(good(), `Content-Encoding: ${coding}`));
    assert.deepEqual([reply.status, codeOf(reply)], [415, "unsupported"], coding);
    assert.equal(reply.headers.get("accept-encoding"), "gzip, identity");
  }
});

test("unknown Transfer-Encoding", async () => {
  const body = "0\r\n\r\n";
  assert.equal((await answer(post(body, "Transfer-Encoding: gzip, chunked"))).status, 501);
  // RFC 9112, section 6.3: where the body ends cannot be known then.
  assert.equal((await answer(post(body, "Transfer-Encoding: gzip"))).status, 400);
  assert.equal((await answer(post(body, "Transfer-Encoding: chunked, gzip"))).status, 400);
});

suite("bad request-target", () => {
  test("double slash, wrong escapes, asterisk, other hosts' paths", async () => {
    for (const target of [
      "//",
      "//soap/credit_decision/v1",
      "/%zz",
      "/%00",
      "*",
      "/..",
      "/soap/../etc/passwd",
    ]) {
      const reply = await answer(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
      assert.equal(reply.status, 404, target);
      assert.ok(!reply.body.includes(target) || target === "/..", "the target is not sent back");
    }
  });

  test("absolute form is a path like any other, and its host counts for nothing", async () => {
    const absolute = post(good()).toString("latin1").replace(path(), `http://elsewhere:99${path()}`);
    assert.equal((await answer(absolute)).status, 200);
    const wsdl = await answer(`GET http://elsewhere${path()}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.equal(wsdl.status, 200);
    assert.ok(!wsdl.body.includes("elsewhere"));
  });

  test("authority form, with and without CONNECT", async () => {
    assert.equal((await answer("GET elsewhere:80 HTTP/1.1\r\nHost: x\r\n\r\n")).status, 400);
    const connect = await answer("CONNECT elsewhere:80 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.deepEqual([connect.status, connect.headers.get("allow")], [405, "GET, HEAD, POST"]);
  });

  test("too long", async () => {
    const target = (length: number): string => `GET /${"a".repeat(length)} HTTP/1.1\r\nHost: x\r\n\r\n`;
    assert.equal((await answer(target(999))).status, 404);
    assert.equal((await answer(target(1000))).status, 414);
    assert.equal((await answer(target(20_000))).status, 414, "longer than all that Node reads of a head");
  });
});

suite("wrong method or media type", () => {
  test("other methods", async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]) {
      const connection = open(`${method} ${path()} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
      connection.socket.end();
      const [head = ""] = (await untilClosed(connection)).split("\r\n\r\n");
      assert.match(head, /^HTTP\/1\.1 405 [^]*\r\nAllow: POST\r\n/, method);
    }
    assert.equal((await answer(`BREW ${path()} HTTP/1.1\r\nHost: x\r\n\r\n`)).status, 400);
  });

  test("other media types, and none", async () => {
    for (const type of ["application/json", "application/soap+xml", "text/xml, text/xml", "text", ""]) {
      const reply = await answer(post(good(), `Content-Type: ${type}`));
      assert.deepEqual([reply.status, codeOf(reply)], [415, "unsupported"], type);
      assert.equal(reply.headers.get("content-type"), "text/xml; charset=utf-8", "not the caller's own");
    }
    const body = good();
    const none = `POST ${path()} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    assert.equal((await answer(none)).status, 415);
    const twice = ["Content-Type: text/xml", "Content-Type: application/json"];
    assert.equal((await answer(post(good(), ...twice))).status, 415, "two of them are not one");
  });
});

test("wrong or mismatched charset", async () => {
  const utf16 = Buffer.from(good(), "utf16le");
  for (const [name, bytes] of [
    ["utf-8", utf16],
    ["utf-16", Buffer.from(good())],
    ["x-unknown", Buffer.from(good())],
  ] as const) {
    const reply = await answer(post(bytes, `Content-Type: text/xml; charset=${name}`));
    assert.equal(reply.status, 500, name);
    assert.ok(["invalid_input", "unsupported"].includes(codeOf(reply) ?? ""), name);
  }
});

test("missing Content-Length", async () => {
  const reply = await answer(`POST ${path()} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n\r\n`);
  assert.deepEqual([reply.status, codeOf(reply)], [411, "invalid_input"]);
});

suite("header flood", () => {
  test("many header fields", async () => {
    const fields = (count: number): string[] => Array.from({ length: count }, (_, at) => `X-${at}: 1`);
    // Host, Content-Type and Content-Length are three.
    assert.equal((await answer(post(good(), ...fields(17)))).status, 200);
    assert.equal((await answer(post(good(), ...fields(18)))).status, 431);
    assert.equal((await answer(post(good(), ...fields(1000)))).status, 431);
  });

  test("many fields of one name", async () => {
    assert.equal((await answer(post(good(), ...Array.from({ length: 1000 }, () => "a:")))).status, 431);
  });

  test("large header fields", async () => {
    assert.equal((await answer(post(good(), `X-Large: ${"a".repeat(3000)}`))).status, 200);
    assert.equal((await answer(post(good(), `X-Large: ${"a".repeat(30_000)}`))).status, 431);
    assert.equal((await answer(post(good(), `${"a".repeat(30_000)}: 1`))).status, 431);
  });
});

test("pipelining", async () => {
  const ids = Array.from({ length: 20 }, (_, at) => `call-${at}`);
  const connection = open(Buffer.concat(ids.map((id) => post(good(), `X-Request-Id: ${id}`))));
  for (const id of ids) {
    const reply = await connection.reply();
    assert.deepEqual([reply.status, reply.headers.get("x-request-id")], [200, id]);
  }
  connection.socket.destroy();
});

test("pipelining with garbage behind a call: the call is answered first", async () => {
  const connection = open(Buffer.concat([post(good()), post(good()), Buffer.from("\0\0garbage\r\n\r\n")]));
  assert.equal((await connection.reply()).status, 200);
  assert.equal((await connection.reply()).status, 200);
  assert.equal((await connection.reply()).status, 400);
  assert.equal(await connection.closed(), 0);
});

suite("Expect: 100-continue", () => {
  const EXPECT = "Expect: 100-continue";

  test("the body is asked for once, and the call is answered", async () => {
    for (const expect of [EXPECT, "expect: 100-Continue"]) {
      const body = good();
      const connection = open(post("", expect, `Content-Length: ${body.length}`));
      const interim = await connection.reply();
      assert.equal(interim.status, 100);
      connection.send(body);
      assert.equal((await connection.reply()).status, 200);
      connection.socket.destroy();
    }
  });

  test("what the head decides is refused before the body is sent", async () => {
    const refused: readonly (readonly [number, Buffer | string])[] = [
      [413, post("", EXPECT, "Content-Length: 100001")],
      [415, post("", EXPECT, "Content-Length: 10", "Content-Type: application/json")],
      [415, post("", EXPECT, "Content-Length: 10", "Content-Encoding: br")],
      [404, `POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n${EXPECT}\r\n\r\n`],
      [405, `PUT ${path()} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n${EXPECT}\r\n\r\n`],
      [417, post("", "Expect: 200-ok", "Content-Length: 10")],
      [417, post("", "Expect: 100-continue, other", "Content-Length: 10")],
      [417, post("", EXPECT, EXPECT, "Content-Length: 10")],
    ];
    for (const [status, bytes] of refused) {
      const reply = await answer(bytes);
      assert.equal(reply.status, status, bytes.toString());
      assert.equal(reply.headers.get("connection"), "close", "a body may still come");
    }
  });

  test("HTTP/1.0 does not know it", async () => {
    const body = good();
    const request = post(body, EXPECT).toString("latin1").replace("HTTP/1.1", "HTTP/1.0");
    assert.equal((await answer(request)).status, 200);
  });
});

function untilClosed({ socket }: ReturnType<typeof open>): Promise<string> {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  return new Promise((resolve) => socket.once("close", () => resolve(text)));
}
