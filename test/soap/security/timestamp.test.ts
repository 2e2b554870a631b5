import assert from "node:assert/strict";
import { test } from "node:test";
import { securityHeaders, securityReplyHeader } from "../../../src/soap/security/security-headers.js";
import { at, enveloped, findings, NOW, policyOf, secured, timestamp, verdict } from "./secured.js";

const REQUIRED = policyOf({ timestamp: "required" });

test("a Timestamp of now is taken, with or without Expires", () => {
  assert.equal(verdict(secured(timestamp()), REQUIRED), "nobody");
  assert.equal(verdict(secured(timestamp(at(0), "")), REQUIRED), "nobody");
  assert.equal(findings(secured(timestamp()), REQUIRED)?.isTimestamped, true);
});

test("a Timestamp that is not there is refused where it is required", () => {
  assert.equal(verdict(secured(""), REQUIRED), "InvalidSecurity");
  assert.equal(verdict(enveloped(""), REQUIRED), "InvalidSecurity");
  assert.equal(verdict(secured(""), policyOf({})), "nobody");
  assert.equal(verdict(enveloped(""), policyOf({})), "nobody");
});

test("the clocks may differ by the skew, on either side, and no further", () => {
  const cases: readonly (readonly [created: number, expires: number | undefined, expected: string])[] = [
    [60, 100, "nobody"],
    [61, 100, "MessageExpired"],
    [-300, 0, "nobody"],
    [-120, -60, "nobody"],
    [-120, -61, "MessageExpired"],
    [-360, undefined, "nobody"],
    [-361, undefined, "MessageExpired"],
    [-361, 10_000, "MessageExpired"],
  ];
  for (const [created, expires, expected] of cases) {
    const text = secured(timestamp(at(created), expires === undefined ? "" : at(expires)));
    for (const policy of [REQUIRED, policyOf({})])
      assert.equal(verdict(text, policy), expected, String(created));
  }
});

test("a moment is written in one way", () => {
  const written = (created: string): string => verdict(secured(timestamp(created, "")), REQUIRED);
  for (const created of [
    "2026-11-23T12:00:00Z",
    "2026-11-23T12:00:00.1Z",
    "2026-11-23T12:00:00.123456789Z",
    " 2026-11-23T12:00:00Z\n",
    "2026-11-23T12:00:00+00:00",
    "2026-11-23T12:00:00-00:00",
  ]) {
    assert.equal(written(created), "nobody", created);
  }
  for (const created of [
    "",
    "2026-11-23T12:00:00",
    "2026-11-23T13:00:00+01:00",
    "2026-11-23 12:00:00Z",
    "2026-11-23T12:00Z",
    "2026-11-23T12:00:00.Z",
    "2026-11-23T12:00:00.1234567890Z",
    "2026-02-29T12:00:00Z",
    "2026-11-23T24:00:00Z",
    "2026-11-23T11:59:60Z",
    "+2026-11-23T12:00:00Z",
    "12026-11-23T12:00:00Z",
    "２０２６-11-23T12:00:00Z",
    "2026-11-23T12:00:00z",
    "1795435200",
  ]) {
    assert.equal(written(created), "InvalidSecurity", created);
  }
});

test("a Timestamp is formed as it has to be", () => {
  const end = (expires: string): string => verdict(secured(timestamp(at(0), expires)), REQUIRED);
  assert.equal(end(at(0)), "InvalidSecurity");
  assert.equal(end(at(-1)), "InvalidSecurity");
  assert.equal(end("soon"), "InvalidSecurity");
  const text = timestamp();
  for (const [spoiled, expected] of [
    [text + text, "InvalidSecurity"],
    [text.replace(/<wsu:Created>.*Created>/, ""), "InvalidSecurity"],
    [text.replace(/(<wsu:Created>.*Created>)/, "$1$1"), "InvalidSecurity"],
    [text.replace("<wsu:Created>", "text<wsu:Created>"), "InvalidSecurity"],
    [text.replace("<wsu:Created>", "<wsu:Created><a/>"), "InvalidSecurity"],
    [text.replace("<wsu:Created>", "<wsu:Other/><wsu:Created>"), "UnsupportedSecurityToken"],
    [text.replaceAll("wsu:Created", "Created"), "UnsupportedSecurityToken"],
  ] as const) {
    assert.equal(verdict(secured(spoiled), REQUIRED), expected, spoiled);
  }
});

test("a reply has a Timestamp where the request had one, or the policy wants one", () => {
  const timestamped = { caller: undefined, replay: [], isTimestamped: true };
  const reply = securityReplyHeader(policyOf({}), timestamped, NOW);
  assert.equal(verdict(enveloped(reply), REQUIRED), "nobody");
  assert.match(reply, /<wsu:Created>2026-11-23T12:00:00.000Z<.*<wsu:Expires>2026-11-23T12:05:00.000Z</);
  assert.equal(securityReplyHeader(policyOf({}), { ...timestamped, isTimestamped: false }, NOW), "");
  assert.equal(securityReplyHeader(policyOf({}), undefined, NOW), "");
  assert.equal(securityReplyHeader(REQUIRED, undefined, NOW), reply);
  const kind = securityHeaders(policyOf({}), () => NOW);
  assert.equal(kind.answer({ security: timestamped }, { operation: "Evaluate" }), reply);
  assert.equal(kind.required, false);
  assert.equal(securityHeaders(REQUIRED).required, true);
});
