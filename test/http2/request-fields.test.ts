/** Which requests are malformed (RFC 9113, 8.1 to 8.3), one rule at a time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldValue, fieldValues, makeField } from "../../src/http2/field.js";
import { MALFORMED, NO_LENGTH, areTrailers, checkRequest } from "../../src/http2/request-fields.js";

type Pair = readonly [string, string];

const METHOD: Pair = [":method", "POST"];
const SCHEME: Pair = [":scheme", "https"];
const PATH: Pair = [":path", "/a/b?c=d"];
const AUTHORITY: Pair = [":authority", "example.com:443"];
const PSEUDO = [METHOD, SCHEME, PATH, AUTHORITY] as const;

function check(...pairs: readonly Pair[]): number {
  return checkRequest(pairs.map(([name, value]) => makeField(name, value)));
}

test("well-formed requests", () => {
  assert.equal(check(...PSEUDO), NO_LENGTH);
  assert.equal(check(METHOD, SCHEME, PATH), NO_LENGTH);
  assert.equal(check([":method", "OPTIONS"], SCHEME, [":path", "*"]), NO_LENGTH);
  assert.equal(check([":method", "CONNECT"], AUTHORITY), NO_LENGTH);
  assert.equal(check(...PSEUDO, ["content-length", "12"]), 12);
  assert.equal(check(...PSEUDO, ["content-length", "12"], ["content-length", "12"]), 12);
  assert.equal(check(...PSEUDO, ["host", "EXAMPLE.com:443"]), NO_LENGTH);
  assert.equal(check(...PSEUDO, ["te", "trailers"], ["x-a", ""], ["x-b", "a\tb \xe9"]), NO_LENGTH);
});

const MALFORMED_LISTS: Readonly<Record<string, readonly Pair[]>> = {
  "no method": [SCHEME, PATH],
  "no scheme": [METHOD, PATH],
  "no path": [METHOD, SCHEME],
  nothing: [],
  "empty path": [METHOD, SCHEME, [":path", ""]],
  "relative path": [METHOD, SCHEME, [":path", "a"]],
  "space in path": [METHOD, SCHEME, [":path", "/a b"]],
  "octet beyond ASCII in path": [METHOD, SCHEME, [":path", "/\xe9"]],
  "asterisk without OPTIONS": [METHOD, SCHEME, [":path", "*"]],
  "method that is no token": [[":method", "GET /"], SCHEME, PATH],
  "scheme that is none": [METHOD, [":scheme", "1"], PATH],
  "user information": [...PSEUDO.slice(0, 3), [":authority", "me@example.com"]],
  "path in the authority": [...PSEUDO.slice(0, 3), [":authority", "example.com/a"]],
  "second method": [METHOD, ...PSEUDO],
  "second scheme": [SCHEME, ...PSEUDO],
  "second path": [PATH, ...PSEUDO],
  "second authority": [AUTHORITY, ...PSEUDO],
  "pseudo-header field after an ordinary one": [METHOD, SCHEME, ["x-a", "b"], PATH],
  "pseudo-header field of a response": [...PSEUDO, [":status", "200"]],
  "unknown pseudo-header field": [...PSEUDO, [":protocol", "websocket"]],
  "CONNECT with a path": [[":method", "CONNECT"], AUTHORITY, PATH],
  "CONNECT with a scheme": [[":method", "CONNECT"], AUTHORITY, SCHEME],
  "CONNECT without authority": [[":method", "CONNECT"]],
  "upper case": [...PSEUDO, ["X-a", "b"]],
  "space in a name": [...PSEUDO, ["x a", "b"]],
  "empty name": [...PSEUDO, ["", "b"]],
  "colon in a name": [...PSEUDO, ["x:a", "b"]],
  "octet beyond ASCII in a name": [...PSEUDO, ["x\xe9", "b"]],
  "line feed": [...PSEUDO, ["x-a", "b\nc: d"]],
  "carriage return": [...PSEUDO, ["x-a", "b\rc"]],
  null: [...PSEUDO, ["x-a", "b\0"]],
  delete: [...PSEUDO, ["x-a", "b\x7f"]],
  "space in front": [...PSEUDO, ["x-a", " b"]],
  "tab behind": [...PSEUDO, ["x-a", "b\t"]],
  connection: [...PSEUDO, ["connection", "close"]],
  "proxy-connection": [...PSEUDO, ["proxy-connection", "close"]],
  "keep-alive": [...PSEUDO, ["keep-alive", "timeout=5"]],
  "transfer-encoding": [...PSEUDO, ["transfer-encoding", "chunked"]],
  upgrade: [...PSEUDO, ["upgrade", "h2c"]],
  "te with more than trailers": [...PSEUDO, ["te", "trailers, deflate"]],
  "another host": [...PSEUDO, ["host", "example.org"]],
  "two hosts": [METHOD, SCHEME, PATH, ["host", "a"], ["host", "a"]],
  "content-length that is no number": [...PSEUDO, ["content-length", "1e3"]],
  "negative content-length": [...PSEUDO, ["content-length", "-1"]],
  "empty content-length": [...PSEUDO, ["content-length", ""]],
  "content-length beyond exact numbers": [...PSEUDO, ["content-length", "9007199254740993"]],
  "two content-lengths": [...PSEUDO, ["content-length", "1"], ["content-length", "2"]],
};

for (const [name, pairs] of Object.entries(MALFORMED_LISTS)) {
  test(`malformed: ${name}`, () => {
    assert.equal(check(...pairs), MALFORMED);
  });
}

test("trailers have no pseudo-header fields", () => {
  assert.ok(areTrailers([makeField("x-sum", "1")]));
  assert.ok(areTrailers([]));
  assert.ok(!areTrailers([makeField("x-sum", "1"), makeField(":path", "/")]));
  assert.ok(!areTrailers([makeField("X-Sum", "1")]));
  assert.ok(!areTrailers([makeField("connection", "close")]));
});

test("fields are found by name, and joined when repeated", () => {
  const fields = [
    makeField("accept", "a"),
    makeField("cookie", "a=b"),
    makeField("accept", "b"),
    makeField("cookie", "c=d"),
    makeField("__proto__", "x"),
  ];
  assert.equal(fieldValue(fields, "accept"), "a, b");
  assert.equal(fieldValue(fields, "cookie"), "a=b; c=d");
  assert.equal(fieldValue(fields, "__proto__"), "x");
  assert.equal(fieldValue(fields, "constructor"), undefined);
  assert.deepEqual(fieldValues(fields, "accept"), ["a", "b"]);
});
