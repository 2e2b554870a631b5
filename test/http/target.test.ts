import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTarget } from "../../src/http/target.js";

test("a target is taken apart as it is written", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["/soap/a/v1", "/soap/a/v1", ""],
    ["/soap/a/v1?wsdl", "/soap/a/v1", "wsdl"],
    ["/a?b?c", "/a", "b?c"],
    ["/?", "/", ""],
    ["//", "//", ""],
    ["//host/a", "//host/a", ""],
    ["/%zz/../a", "/%zz/../a", ""],
    ["*", "*", ""],
    ["", "/", ""],
  ];
  for (const [url, path, query] of cases) assert.deepEqual(readTarget(url), { path, query }, url);
});

test("the host of an absolute target counts for nothing", () => {
  for (const authority of ["host", "HOST.example:80", "127.0.0.1:8080", "[::1]:8080", "host:"]) {
    assert.deepEqual(readTarget(`http://${authority}/a?wsdl`), { path: "/a", query: "wsdl" }, authority);
  }
  assert.deepEqual(readTarget("HTTPS://host/a"), { path: "/a", query: "" });
  assert.deepEqual(readTarget("http://host"), { path: "/", query: "" });
  assert.deepEqual(readTarget("http://host?x"), { path: "/", query: "x" });
});

test("what is no absolute target of HTTP is the path of nothing", () => {
  for (const url of [
    "http:///a",
    "http://user@host/a",
    "http://[/a",
    "http://ho st/a",
    "ftp://host/a",
    "host:80",
  ]) {
    assert.equal(readTarget(url).path, url);
  }
});

test("any text is a path and a query, and never an exception", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { path, query } = readTarget(`/${text}`);
      assert.equal(query === "" ? path : `${path}?${query}`, `/${text}`.replace(/\?$/, ""));
    }),
    { seed: 5 },
  );
});
