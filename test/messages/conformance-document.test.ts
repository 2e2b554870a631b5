/** docs/conformance.md names every rule and every attack, in the words of the code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { OUTPUT_ATTACKS } from "../soap/attacks/output-attacks.js";
import { SOAP_ATTACKS } from "../soap/attacks/soap-attacks.js";
import { XML_ATTACKS } from "../soap/attacks/xml-attacks.js";
import { MESSAGE_RULES } from "../support/messages/message-rules.js";
import { repository } from "../support/served-example.js";

const document = readFileSync(repository("docs/conformance.md"), "utf8");

test("every rule has its line, and no line is of another rule", () => {
  const rows = [...document.matchAll(/^\| (\S.*?) +\| (.*?) +\|$/gm)]
    .map(([, id, says]) => ({ id, says }))
    .filter(({ id }) => id !== "rule" && !/^-+$/.test(id ?? ""));
  assert.deepEqual(
    rows,
    MESSAGE_RULES.map(({ id, says }) => ({ id, says })),
  );
});

test("every attack is named under its line of the list", () => {
  const lines = { XML: XML_ATTACKS, SOAP: SOAP_ATTACKS, Outputs: OUTPUT_ATTACKS };
  for (const [line, attacks] of Object.entries(lines)) {
    const start = document.indexOf(`**${line}.**`);
    const names = attacks.map(({ name }) => `\`${name.replaceAll("`", "'")}\``).join(", ");
    assert.equal(
      document.slice(start, document.indexOf("\n\n", start)).replaceAll(/\s+/g, " "),
      `**${line}.** ${names}.`.replaceAll(/\s+/g, " "),
    );
  }
});

/** The lines whose attacks have tests of their own; section by section what the list wants at least. */
const WANTED: Readonly<Record<string, RegExp>> = {
  Transport:
    /body, declared.*body, chunked.*slow body.*slow headers.*bad gzip.*oversized gzip.*ratio.*Content-Encoding.*request-target.*method.*media type.*charset.*Content-Length.*header flood.*pipelining.*100-continue/s,
  Addressing: /ReplyTo and FaultTo.*request forgery.*MessageID replay/s,
  Security:
    /absent.*empty.*PasswordText.*nonce replay.*Created.*skew.*comparison.*moved Body.*duplicate wsu:Id.*unsigned Timestamp.*SHA-1.*HMAC.*transforms.*KeyInfo.*GET.*xop:Include/s,
  "gRPC clients":
    /exact values.*errors.*violations.*deadline in main.*in the queue.*cancellation.*compression.*size.*drain.*keepalive.*reflection.*health/s,
};

test("every other attack and promise names its test, which is there", () => {
  for (const [line, wanted] of Object.entries(WANTED)) {
    const start = document.indexOf(`**${line}.**`);
    assert.ok(start >= 0, line);
    const [, list = ""] = document.slice(start).split("\n\n");
    assert.ok(list.startsWith("- "), line);
    assert.match(list, wanted);
    for (const row of list.split("\n")) {
      const [, name = "", file = ""] = /^- .+: "(.+)" in `(test\/.+\.ts)`$/.exec(row) ?? [];
      assert.notEqual(name, "", row);
      const source = readFileSync(repository(file), "utf8");
      assert.ok(
        source.includes(`"${name}"`) ||
          new RegExp(`[:,}] ${escaped(name)}\``).test(source) ||
          source.includes(`\`${name}$`),
        row,
      );
    }
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
