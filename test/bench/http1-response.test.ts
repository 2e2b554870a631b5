import assert from "node:assert/strict";
import { test } from "node:test";
import { readHttp1Response } from "../../bench/load/http1-response.js";

const LENGTH = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED =
  "HTTP/1.1 500 Oh no\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";

test("a response with a length and a chunked one are read", () => {
  assert.deepEqual(read(LENGTH), { status: 200, body: Buffer.from("hello"), closes: false, rest: 0 });
  assert.deepEqual(read(CHUNKED), { status: 500, body: Buffer.from("hello"), closes: true, rest: 0 });
});

test("bytes behind the response are counted", () => {
  for (const text of [LENGTH, CHUNKED]) {
    const response = read(`${text}abc`);
    assert.ok(typeof response === "object");
    assert.equal(response.rest, 3);
  }
});

test("no beginning of a response is taken for a whole one", () => {
  for (const text of [LENGTH, CHUNKED]) {
    for (let length = 0; length < text.length; length += 1) {
      assert.equal(read(text.slice(0, length)), undefined, text.slice(0, length));
    }
  }
});

test("what no more bytes can make a response is refused", () => {
  const refused = [
    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
    "x".repeat(100_000),
  ];
  for (const text of refused) assert.equal(read(text), "malformed", text.slice(0, 60));
});

function read(text: string): ReturnType<typeof readHttp1Response> {
  return readHttp1Response(Buffer.from(text, "latin1"));
}
