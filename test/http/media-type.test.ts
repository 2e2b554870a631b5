import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMediaType } from "../../src/http/media-type.js";

test("type and charset are taken apart, in small letters", () => {
  const cases: [string, string, string | undefined][] = [
    ["text/xml", "text/xml", undefined],
    ["Text/XML; Charset=UTF-8", "text/xml", "utf-8"],
    ['text/xml;charset="utf-8"', "text/xml", "utf-8"],
    ["text/xml ; action=x ; charset=utf-16 ; y=z", "text/xml", "utf-16"],
    ["application/soap+xml; charset=utf-8", "application/soap+xml", "utf-8"],
    ["text/xml; notcharset=x", "text/xml", undefined],
    ["text/xml;", "text/xml", undefined],
  ];
  for (const [header, type, charset] of cases)
    assert.deepEqual(parseMediaType(header), { type, charset }, header);
});

test("what is not a media type is none", () => {
  for (const header of [undefined, "", "text", "text/", "/xml", "text/xml, text/xml", "text /xml"]) {
    assert.equal(parseMediaType(header), undefined, header);
  }
});
