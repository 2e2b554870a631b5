import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMediaType } from "../../src/http/media-type.js";

test("the action is taken as it is written; what is odd is never taken for none", () => {
  const cases: [string, string | undefined][] = [
    ["application/soap+xml", undefined],
    ['application/soap+xml; charset=utf-8; Action="urn:A:b"', "urn:A:b"],
    ["application/soap+xml;action=urn:a ; charset=utf-8", "urn:a"],
    ['application/soap+xml; action=""', ""],
    ['application/soap+xml; action="urn:a', '"urn:a'],
    ['application/soap+xml; action="a\\"b"', '"a\\"b"'],
    ["application/soap+xml; action=a; action=b", "a; action=b"],
  ];
  for (const [header, action] of cases) assert.equal(parseMediaType(header)?.action, action, header);
});

test("type and charset are taken apart, in small letters", () => {
  const cases: [string, string, string | undefined][] = [
    ["text/xml", "text/xml", undefined],
    ["Text/XML; Charset=UTF-8", "text/xml", "utf-8"],
    ['text/xml;charset="utf-8"', "text/xml", "utf-8"],
    ["text/xml ; x=y ; charset=utf-16 ; y=z", "text/xml", "utf-16"],
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
