/** Replies and documents with gzip, over raw sockets: the bytes, their length, their tags. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { attackedGateway } from "./attacked-gateway.js";
import type { RawReply } from "./raw-http.js";

suite("with compression", () => {
  const { answer, post, good, path, served } = attackedGateway({ compressFromBytes: "200" });

  test("a reply is compressed for whom it is acceptable, and is the same reply", async () => {
    const plain = await answer(post(good()));
    assert.equal(plain.headers.get("content-encoding"), undefined);
    assert.equal(plain.headers.get("vary"), "Accept-Encoding");
    const coded = await answer(
      post(gzipSync(good()), "Content-Encoding: gzip", "Accept-Encoding: br, gzip;q=0.5"),
    );
    assert.equal(coded.headers.get("content-encoding"), "gzip");
    assert.equal(coded.headers.get("vary"), "Accept-Encoding");
    assert.equal(coded.headers.get("content-type"), plain.headers.get("content-type"));
    assert.ok(coded.body.length < plain.body.length);
    assert.deepEqual(gunzipSync(coded.body), plain.body);
    for (const none of ["gzip;q=0", "br", "identity", "identity, gzip;q=0.1"]) {
      assert.deepEqual((await answer(post(good(), `Accept-Encoding: ${none}`))).body, plain.body, none);
    }
  });

  test("a fault is compressed too", async () => {
    const reply = await answer(post("<a/>", "Accept-Encoding: gzip"));
    assert.equal(reply.status, 500);
    assert.match(gunzipSync(reply.body).toString(), /<code>invalid_input<\/code>/);
  });

  test("documents have a tag for each coding, and are not sent twice", async () => {
    const file = (await answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).body.toString();
    const paths = [...file.matchAll(/href="(\/contracts\/[^"]+)"/g)].map(([, found = ""]) => found);
    assert.ok(paths.length > 3);
    for (const target of ["/", `${path()}?wsdl`, ...paths]) {
      const get = (...lines: readonly string[]): Promise<RawReply> =>
        answer([`GET ${target} HTTP/1.1`, "Host: x", ...lines, "", ""].join("\r\n"));
      const [plain, coded] = [await get(), await get("Accept-Encoding: gzip")];
      assert.deepEqual([plain.status, coded.status], [200, 200], target);
      assert.equal(plain.headers.get("content-encoding"), undefined, target);
      const isLarge = plain.body.length >= 200;
      assert.equal(coded.headers.get("content-encoding"), isLarge ? "gzip" : undefined, target);
      assert.deepEqual(isLarge ? gunzipSync(coded.body) : coded.body, plain.body, target);
      const [plainTag = "", codedTag = ""] = [plain, coded].map(({ headers }) => headers.get("etag"));
      assert.match(plainTag, /^"[0-9a-f]{64}"$/);
      assert.equal(plainTag === codedTag, !isLarge, target);

      const known = await get(`If-None-Match: "x", W/${plainTag}`);
      assert.deepEqual([known.status, known.headers.get("etag"), known.body.length], [304, plainTag, 0]);
      const knownCoded = await get("Accept-Encoding: gzip", `If-None-Match: ${codedTag}`);
      assert.deepEqual([knownCoded.status, knownCoded.headers.get("etag")], [304, codedTag]);
      if (!isLarge) continue;
      assert.equal(
        (await get("Accept-Encoding: gzip", `If-None-Match: ${plainTag}`)).status,
        200,
        "other bytes",
      );
      assert.equal(coded.headers.get("vary"), "Accept-Encoding");
      assert.equal(known.headers.get("vary"), "Accept-Encoding");
    }
    assert.equal(
      served().calls.every(({ protocol }) => protocol === "soap"),
      true,
    );
  });
});

suite("without compression", () => {
  const { answer, post, good, path } = attackedGateway({ compressFromBytes: "0" });

  test("nothing is compressed, and nothing varies", async () => {
    const wsdl = `GET ${path()}?wsdl HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n`;
    for (const request of [wsdl, post(good(), "Accept-Encoding: gzip")]) {
      const { status, headers } = await answer(request);
      assert.deepEqual(
        [status, headers.get("content-encoding"), headers.get("vary")],
        [200, undefined, undefined],
      );
    }
  });
});
