/** Bytes that are no HTTP/1.1, or that two servers on one way could read differently: all are refused by the head. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { attackedGateway } from "./attacked-gateway.js";

const { answer, open, post, good, path } = attackedGateway();

const HEAD = "Host: gateway\r\nContent-Type: text/xml\r\n";

/** A POST with these header lines after the usual ones. */
function request(lines: string, body: string): string {
  return `POST ${path()} HTTP/1.1\r\n${HEAD}${lines}\r\n\r\n${body}`;
}

suite("request smuggling", () => {
  const CHUNKED = "Transfer-Encoding: chunked";
  const refused: Readonly<Record<string, readonly [string, string]>> = {
    "Content-Length and Transfer-Encoding": [`Content-Length: 5\r\n${CHUNKED}`, "0\r\n\r\n"],
    "Transfer-Encoding and Content-Length": [`${CHUNKED}\r\nContent-Length: 5`, "0\r\n\r\n"],
    "two equal Content-Lengths": ["Content-Length: 3\r\nContent-Length: 3", "abc"],
    "two different Content-Lengths": ["Content-Length: 3\r\nContent-Length: 30", "abc"],
    "a list of Content-Lengths": ["Content-Length: 3, 3", "abc"],
    "a signed Content-Length": ["Content-Length: +3", "abc"],
    "a negative Content-Length": ["Content-Length: -3", "abc"],
    "a hexadecimal Content-Length": ["Content-Length: 0x3", "abc"],
    "a fractional Content-Length": ["Content-Length: 3.0", "abc"],
    "chunked twice": [`${CHUNKED}\r\n${CHUNKED}`, "0\r\n\r\n"],
    "chunked behind a vertical tab": ["Transfer-Encoding: \x0bchunked", "0\r\n\r\n"],
    "a folded line": ["Transfer-Encoding:\r\n chunked", "0\r\n\r\n"],
    "a folded line of another field": ["X-A: b\r\n c\r\nContent-Length: 3", "abc"],
    "a space before the colon": ["Content-Length : 3", "abc"],
    "a space before the name": [" Content-Length: 3", "abc"],
    "a bare line feed in the head": ["X-A: b\nContent-Length: 3", "abc"],
    "a bare carriage return in the head": ["X-A: b\rContent-Length: 3", "abc"],
    "a zero byte in a value": ["X-A: b\0\r\nContent-Length: 3", "abc"],
    "a chunk size that is no number": [CHUNKED, "z\r\n\r\n"],
    "a chunk size that is too large a number": [CHUNKED, `${"f".repeat(17)}\r\n`],
    "a chunk that goes on": [CHUNKED, "1\r\nabc\r\n0\r\n\r\n"],
    "a bare line feed behind a chunk size": [CHUNKED, "3\nabc\r\n0\r\n\r\n"],
    "a bare line feed behind a chunk": [CHUNKED, "3\r\nabc\n0\r\n\r\n"],
  };
  for (const [name, [lines, body]] of Object.entries(refused)) {
    test(name, async () => {
      const reply = await answer(request(lines, body));
      assert.equal(reply.status, 400);
      assert.equal(reply.headers.get("connection"), "close");
      assert.equal(
        reply.body.toString(),
        "The request is not valid HTTP.\n",
        "nothing of the parser's words",
      );
    });
  }

  test("almost chunked", async () => {
    const reply = await answer(request("Transfer-Encoding: xchunked", "0\r\n\r\n"));
    assert.equal(reply.status, 400);
    assert.doesNotMatch(reply.body.toString(), /xchunked|Parse/);
  });

  test("chunked in HTTP/1.0", async () => {
    const reply = await answer(request(CHUNKED, "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"));
    assert.equal(reply.status, 400);
  });

  test("none, and two, of Host", async () => {
    assert.equal((await answer("GET / HTTP/1.1\r\n\r\n")).status, 400);
    assert.equal((await answer("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")).status, 400);
    assert.equal((await answer("GET / HTTP/1.1\r\nHost:\r\n\r\n")).status, 200);
    assert.equal((await answer("GET / HTTP/1.0\r\n\r\n")).status, 200);
  });

  test("a second request behind one that is refused is not looked at", async () => {
    const second = post(good()).toString("latin1");
    const connection = open(request("Content-Length: 5\r\nTransfer-Encoding: chunked", `0\r\n\r\n${second}`));
    assert.equal((await connection.reply()).status, 400);
    assert.equal(await connection.closed(), 0);
  });
});

suite("versions", () => {
  test("others are 505, whether the parser knows them or not", async () => {
    for (const version of ["0.9", "1.2", "2.0", "3.0", "9.9"]) {
      const reply = await answer(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`);
      assert.equal(reply.status, 505, version);
    }
    for (const line of ["GET / HTTP/1", "GET / HTTP/11", "GET / FTP/1.1", "GET / http/1.1", "GET /"]) {
      assert.equal((await answer(`${line} \r\nHost: x\r\n\r\n`)).status, 400, line);
    }
  });

  test("HTTP/1.0 closes after its reply, unless it asks not to", async () => {
    const once = open("GET / HTTP/1.0\r\n\r\n");
    assert.equal((await once.reply()).status, 200);
    assert.equal(await once.closed(), 0);
    const kept = open("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    for (let count = 0; count < 3; count += 1) {
      const reply = await kept.reply();
      assert.deepEqual([reply.status, reply.headers.get("connection")], [200, "keep-alive"]);
      kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    }
    kept.socket.destroy();
  });

  test("an offer of HTTP/2 is not taken", async () => {
    const offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk";
    assert.equal((await answer(`GET / HTTP/1.1\r\nHost: x\r\n${offer}\r\n\r\n`)).status, 200);
  });
});

test("bytes of other protocols are 400", async () => {
  const others = [
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "\0\0\0\0",
    "SSH-2.0-OpenSSH_9.6\r\n",
    "<soapenv:Envelope/>\r\n",
    "get / HTTP/1.1\r\n\r\n",
    "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
  ];
  for (const bytes of others) assert.equal((await answer(bytes)).status, 400, JSON.stringify(bytes));
});

test("empty lines before a request are nothing", async () => {
  assert.equal((await answer("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")).status, 200);
});

test("a caller that closes its half of the connection has gone", async () => {
  const connection = open(post(good()));
  connection.socket.end();
  // Whether the call was faster is not said; what matters is that the connection ends and nothing stays.
  await connection.closed();
  const half = open("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  half.socket.end();
  await half.closed();
});

test("whatever is sent in one piece is answered with a status or nothing, and the next caller is served", async () => {
  const word = fc.constantFrom(
    ...[
      "POST",
      "GET",
      " ",
      "/",
      "*",
      "HTTP/1.1",
      "\r\n",
      "\n",
      "\r",
      ":",
      ",",
      "\0",
      "\xff",
      "%",
      "0",
      "ffff",
      ";",
    ],
    ...[
      "Host",
      "x",
      "Content-Length",
      "Transfer-Encoding",
      "chunked",
      "gzip",
      "Expect",
      "100-continue",
      "\r\n\r\n",
    ],
  );
  const start = fc.constantFrom("", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\n");
  const soup = fc
    .tuple(start, fc.array(word, { maxLength: 30 }))
    .map(([head, words]) => head + words.join(""));
  await fc.assert(
    fc.asyncProperty(soup, async (bytes) => {
      const connection = open(`${bytes}\r\n\r\n`);
      connection.socket.end();
      await connection.closed();
    }),
    { seed: 5, numRuns: 300 },
  );
  assert.equal((await answer(post(good()))).status, 200);
});
