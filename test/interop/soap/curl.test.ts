/** curl, which asks before it sends a large body, as .NET and some gateways in front of mainframes do. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCommand } from "../../support/run-command.js";
import { commandOf, readTools, skipWithout } from "../tools.js";
import { judgeExchanges } from "./judge-exchanges.js";
import { fixtureArguments, serveSoap, type ServedSoap } from "./served-soap.js";

const { curl, modelPython } = readTools();
const skip = skipWithout(curl);
const folder = mkdtempSync(join(tmpdir(), "soap-curl-"));
let served: ServedSoap | undefined;
before(async () => {
  const aliases = ["every_value"];
  const args = [...fixtureArguments(aliases), "--python", modelPython];
  if (skip === false) served = await serveSoap({ aliases, args });
});
after(async () => {
  rmSync(folder, { recursive: true });
  await served?.stop();
});

/** Characters of the text in the body. */
const LENGTH = 2_000_000;

test("curl: Expect: 100-continue before two megabytes, and one large reply", { skip }, async () => {
  assert.ok(served !== undefined);
  const { wsdl, namespace } = served.find("every_value", "1.1");
  const file = join(folder, "request.xml");
  const text = "x".repeat(LENGTH);
  writeFileSync(
    file,
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
      `<Evaluate xmlns="${namespace}"><rows><row><textField>${text}</textField></row></rows></Evaluate>` +
      "</e:Body></e:Envelope>",
  );
  const headers = [
    "Content-Type: text/xml; charset=utf-8",
    `SOAPAction: "${namespace}:Evaluate"`,
    "Expect: 100-continue",
  ];
  const reply = await runCommand(commandOf(curl), [
    ...["--silent", "--show-error", "--fail", "--http1.1", "--expect100-timeout", "60"],
    ...headers.flatMap((header) => ["--header", header]),
    ...["--data-binary", `@${file}`, wsdl.replace("?wsdl", "")],
  ]);
  assert.ok(reply.includes(`<textField>${text}</textField>`));
  const exchanges = served.exchanges();
  assert.deepEqual(
    exchanges.map(({ continued }) => continued),
    [true],
  );
  judgeExchanges(exchanges);
});
