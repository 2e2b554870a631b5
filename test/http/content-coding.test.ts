import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptsGzip, contentCoding } from "../../src/http/content-coding.js";
import { HttpRefusal } from "../../src/http/http-refusal.js";

test("a body is plain or compressed once with gzip", () => {
  for (const header of [undefined, "", "identity", " Identity ", "identity, identity", ","]) {
    assert.equal(contentCoding(header), "identity", header);
  }
  for (const header of ["gzip", "GZIP", "x-gzip", "X-GZip", "identity,gzip", "gzip ,"]) {
    assert.equal(contentCoding(header), "gzip", header);
  }
  for (const header of [
    "br",
    "deflate",
    "gzip, gzip",
    "gzip, x-gzip",
    "gzip;q=1",
    "gz",
    "__proto__",
    "gzip, zstd",
  ]) {
    assert.throws(
      () => contentCoding(header),
      (error) =>
        error instanceof HttpRefusal &&
        error.status === 415 &&
        error.headers["Accept-Encoding"] === "gzip, identity",
      header,
    );
  }
});

test("gzip is sent to whom it is acceptable, and not less so than plain bytes", () => {
  const accepting = [
    "gzip",
    "x-gzip",
    "GZIP;Q=0.5",
    "*",
    "br, gzip",
    "deflate, gzip;q=1.0, *;q=0.5",
    "gzip ; q=0.001",
    "identity;q=0.5, gzip;q=0.5",
    "*;q=0.1",
  ];
  for (const header of accepting) assert.equal(acceptsGzip(header), true, header);
  const refusing = [
    undefined,
    "",
    "identity",
    "identity;q=0",
    "br",
    "gzip;q=0",
    "gzip;q=0.000",
    "*;q=0",
    "*, gzip;q=0",
    "identity, gzip;q=0.5",
    "gzip;q=2",
    "gzip;q=-1",
    "gzip;level=9",
    "gzipped",
    ";q=1",
  ];
  for (const header of refusing) assert.equal(acceptsGzip(header), false, header);
});
