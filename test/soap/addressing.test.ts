import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { XmlDocument, XmlElement } from "libxml2-wasm";
import { SOAP_VERSIONS, type SoapVersion } from "../../src/contract/soap-names.js";
import { GatewayError } from "../../src/errors.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { newStruct, type Struct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, NAMESPACE, payload, startHarness, type Harness, type HttpReply } from "./soap-harness.js";

const WSA = "http://www.w3.org/2005/08/addressing";
const ACTION = `${NAMESPACE}:Evaluate`;
const ID = "urn:uuid:11111111-2222-3333-4444-555555555555";
const NAMESPACES = { a: WSA, e: "http://schemas.xmlsoap.org/soap/envelope/", f: SOAP_RULES["1.2"].namespace };

const address = (of: string): string => `<a:Address>${of}</a:Address>`;
const block = (name: string, content: string, attributes = ""): string =>
  `<a:${name} ${attributes}>${content}</a:${name}>`;
const action = block("Action", ACTION);
const messageId = block("MessageID", ID);

function decision(): Struct {
  const result = newStruct();
  result["decision"] = "approve";
  return result;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request with these header blocks. */
function send(server: Harness, version: SoapVersion, blocks: string, sent: Sent = {}): Promise<HttpReply> {
  const { namespace, mediaType } = SOAP_RULES[version];
  const header = `<s:Header xmlns:a="${WSA}">${blocks}</s:Header>`;
  const body = envelope(sent.body ?? payload(), header).replace(NAMESPACES.e, namespace);
  return server.send({ body, headers: { "Content-Type": mediaType, ...sent.headers } });
}

/** The texts of the elements that a path finds, with white space as it is. */
function texts(xml: string, path: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    return document
      .find(path, NAMESPACES)
      .filter((node) => node instanceof XmlElement)
      .map(({ content }) => content);
  } finally {
    document.dispose();
  }
}

/** The word of WS-Addressing that a fault has, the most exact one. */
function wordOf({ body }: HttpReply): string | undefined {
  return texts(body, "//faultcode | //f:Value").at(-1);
}

for (const version of SOAP_VERSIONS) {
  const start = (evaluate: () => Struct = decision): Promise<Harness> => startHarness({ version, evaluate });

  test(`SOAP ${version}: a reply names the request that it answers, and has an action and an id of its own`, async () => {
    await using server = await start();
    const must = 's:mustUnderstand="1"';
    const blocks =
      block("To", `http://127.0.0.1:${server.port}${server.path}`, must) +
      block("Action", ` ${ACTION}\n`, must) +
      block("MessageID", "urn:x:&lt;\u00e9".replace("&lt;", "%3C"), must) +
      block("ReplyTo", `${address(` ${WSA}/anonymous `)}<a:ReferenceParameters/><a:Metadata/>`, must) +
      block("FaultTo", address(`${WSA}/anonymous`), must) +
      block("From", address("https://caller.example/")) +
      block("RelatesTo", "urn:x:1") +
      block("RelatesTo", "urn:x:2", 'RelationshipType="urn:mine"');
    const replies = [await send(server, version, blocks), await send(server, version, blocks)];
    const ids = replies.map(({ status, body }) => {
      assert.equal(status, 200, body);
      assert.ok(createSchemaOracle(server.wsdl).isValid(body));
      const header = "/*/*[local-name()='Header']";
      assert.deepEqual(texts(body, `${header}/a:RelatesTo`), ["urn:x:%3C\u00e9"]);
      assert.deepEqual(texts(body, `${header}/a:To`), [`${WSA}/anonymous`]);
      assert.deepEqual(texts(body, `${header}/a:Action`), [
        `${NAMESPACE}:SampleDecisionPortType:EvaluateResponse`,
      ]);
      return texts(body, `${header}/a:MessageID`).join();
    });
    for (const id of ids) assert.match(id, /^urn:uuid:[0-9a-f-]{36}$/);
    // Not a store of ids: main() decides the same again, and the caller sees which request was answered.
    assert.notEqual(ids[0], ids[1]);
  });

  test(`SOAP ${version}: a request without these headers gets a reply without them`, async () => {
    await using server = await start();
    const reply = await send(server, version, "");
    assert.deepEqual([reply.status, texts(reply.body, "//a:*")], [200, []]);
  });

  test(`SOAP ${version}: a fault is addressed too, by what kind of fault it is`, async () => {
    await using server = await start(() => {
      throw new GatewayError("overloaded", "Busy.", { retryAfterMs: 1000 });
    });
    const blocks = action + messageId;
    const faults = {
      declared: await send(server, version, blocks),
      body: await send(server, version, blocks, { body: payload("<unknown/>") }),
      operation: await send(server, version, blocks, { body: "<Purge/>" }),
      soap: await send(server, version, blocks + '<o:x xmlns:o="urn:o" s:mustUnderstand="1"/>'),
      addressing: await send(server, version, blocks + block("To", "nowhere")),
    };
    const declared = `${NAMESPACE}:SampleDecisionPortType:Evaluate:Fault:EvaluateFault`;
    const actions = Object.entries(faults).map(([name, { body }]) => {
      assert.deepEqual(texts(body, "//a:RelatesTo"), [ID], name);
      return texts(body, "//a:Action").join();
    });
    assert.deepEqual(actions, [declared, declared, declared, `${WSA}/soap/fault`, `${WSA}/fault`]);
    assert.equal(wordOf(faults.soap), "soapenv:MustUnderstand");
  });

  test(`SOAP ${version}: what is wrong with a header has the name that the specification gives it`, async () => {
    await using server = await start(() => assert.fail("the request was not refused"));
    const anonymous = address(`${WSA}/anonymous`);
    const cases: readonly (readonly [blocks: string, word: string, header: string])[] = [
      [action + messageId + action, "InvalidCardinality", "Action"],
      [action + messageId + messageId, "InvalidCardinality", "MessageID"],
      [action + messageId + block("To", "urn:a:b").repeat(2), "InvalidCardinality", "To"],
      [action + messageId + block("From", anonymous).repeat(2), "InvalidCardinality", "From"],
      [action + messageId + block("ReplyTo", anonymous).repeat(2), "InvalidCardinality", "ReplyTo"],
      [action + messageId + block("FaultTo", anonymous).repeat(2), "InvalidCardinality", "FaultTo"],
      [action, "MessageAddressingHeaderRequired", "MessageID"],
      [messageId, "MessageAddressingHeaderRequired", "Action"],
      [block("RelatesTo", "urn:a:b"), "MessageAddressingHeaderRequired", "Action"],
      [block("To", "urn:a:b"), "MessageAddressingHeaderRequired", "Action"],
      [
        action + messageId + block("ReplyTo", address("http://169.254.169.254/")),
        "OnlyAnonymousAddressSupported",
        "ReplyTo",
      ],
      [
        action + messageId + block("FaultTo", address("http://[::1]:9090/")),
        "OnlyAnonymousAddressSupported",
        "FaultTo",
      ],
      [
        action + messageId + block("ReplyTo", address("file:///etc/passwd")),
        "OnlyAnonymousAddressSupported",
        "ReplyTo",
      ],
      [
        action + messageId + block("ReplyTo", address(`${WSA}/anonymous#x`)),
        "OnlyAnonymousAddressSupported",
        "ReplyTo",
      ],
      [action + messageId + block("ReplyTo", ""), "MissingAddressInEPR", "ReplyTo"],
      [action + messageId + block("FaultTo", "<Address>urn:a:b</Address>"), "MissingAddressInEPR", "FaultTo"],
      [action + messageId + block("From", "urn:a:b"), "MissingAddressInEPR", "From"],
      [action + messageId + block("ReplyTo", anonymous + anonymous), "InvalidEPR", "ReplyTo"],
      [
        action +
          messageId +
          block("ReplyTo", `${anonymous}<a:ReferenceParameters><x/></a:ReferenceParameters>`),
        "InvalidEPR",
        "ReplyTo",
      ],
      [action + messageId + block("ReplyTo", address("")), "InvalidAddress", "ReplyTo"],
      [action + messageId + block("From", address("relative/path")), "InvalidAddress", "From"],
      [action + messageId + block("To", "urn:a b"), "InvalidAddress", "To"],
      [action + block("MessageID", "17"), "InvalidAddressingHeader", "MessageID"],
      [action + block("MessageID", ""), "InvalidAddressingHeader", "MessageID"],
      [action + block("MessageID", `urn:${"x".repeat(1021)}`), "InvalidAddressingHeader", "MessageID"],
      [action + block("MessageID", "urn:a:b<x/>"), "InvalidAddressingHeader", "MessageID"],
      [action + block("MessageID", "urn:a:&lt;b&gt;"), "InvalidAddressingHeader", "MessageID"],
      [action + block("MessageID", "urn:a:\u202eb"), "InvalidAddressingHeader", "MessageID"],
      [action + messageId + block("RelatesTo", "17"), "InvalidAddressingHeader", "RelatesTo"],
      [messageId + block("Action", "Evaluate"), "InvalidAddressingHeader", "Action"],
      [messageId + block("Action", `${NAMESPACE}:Purge`), "ActionNotSupported", "Action"],
      [messageId + block("Action", ACTION.toUpperCase()), "ActionNotSupported", "Action"],
    ];
    for (const [blocks, word, header] of cases) {
      const reply = await send(server, version, blocks);
      assert.equal(reply.status, version === "1.1" ? 500 : 400, blocks);
      assert.equal(wordOf(reply), `wsa:${word}`, blocks);
      const where = version === "1.1" ? "/*/e:Header/a:FaultDetail" : "//f:Detail";
      assert.deepEqual(texts(reply.body, `${where}/a:ProblemHeaderQName`), [`wsa:${header}`], blocks);
      assert.deepEqual(texts(reply.body, "//detail | //*[local-name()='EvaluateFault']"), [], blocks);
      assert.deepEqual(texts(reply.body, "//a:Action"), [`${WSA}/fault`], blocks);
      assert.ok(!/169\.254|passwd|::1|Purge|relative/.test(reply.body), reply.body);
    }
  });

  test(`SOAP ${version}: an id that cannot be repeated is not repeated`, async () => {
    await using server = await start();
    const unspecified = [`${WSA}/unspecified`];
    for (const blocks of [action, action + messageId + messageId, action + block("MessageID", "17")]) {
      const { body } = await send(server, version, blocks);
      assert.deepEqual(texts(body, "//a:RelatesTo"), unspecified, body);
    }
  });

  test(`SOAP ${version}: no address that a request names is called`, async () => {
    let calls = 0;
    const elsewhere = createServer((socket) => {
      calls += 1;
      socket.destroy();
    });
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    try {
      await using server = await start();
      for (const name of ["ReplyTo", "FaultTo"]) {
        const reply = await send(server, version, action + messageId + block(name, address(url)));
        assert.equal(wordOf(reply), "wsa:OnlyAnonymousAddressSupported", name);
      }
      const harmless = block("To", url) + block("From", address(url)) + block("RelatesTo", url);
      assert.equal((await send(server, version, action + messageId + harmless)).status, 200);
      assert.equal(calls, 0);
    } finally {
      elsewhere.close();
    }
  });

  test(`SOAP ${version}: an id that came before says nothing: each message is decided by itself`, async () => {
    const decisions = ["approve", "decline"];
    await using server = await start(() => {
      const result = newStruct();
      result["decision"] = decisions.shift() ?? assert.fail("called too often");
      return result;
    });
    for (const expected of ["approve", "decline"]) {
      const { body } = await send(server, version, action + messageId);
      assert.deepEqual(texts(body, "//*[local-name()='decision']"), [expected]);
    }
  });

  test(`SOAP ${version}: the action agrees with that of HTTP, and with the body`, async () => {
    await using server = await startHarness({ version, service: sampleService(), evaluate: decision });
    const http = (named: string): Readonly<Record<string, string>> =>
      version === "1.1"
        ? { SOAPAction: named }
        : { "Content-Type": `${SOAP_RULES[version].mediaType}; action=${named === "" ? '""' : named}` };
    const blocks = action + messageId;
    for (const named of [`"${ACTION}"`, '""', ""]) {
      assert.equal((await send(server, version, blocks, { headers: http(named) })).status, 200, named);
    }
    for (const named of [`"${NAMESPACE}:Purge"`, '"Evaluate"', `"${ACTION.toUpperCase()}"`]) {
      const reply = await send(server, version, blocks, { headers: http(named) });
      assert.equal(wordOf(reply), "wsa:ActionMismatch", named);
    }
  });

  test(`SOAP ${version}: nobody gets a message that was addressed to nobody`, async () => {
    const ended: string[] = [];
    await using server = await start(() => {
      ended.push("called");
      if (ended.length > 1) throw new GatewayError("overloaded", "Busy.", { retryAfterMs: 1000 });
      return decision();
    });
    const none = address(`${WSA}/none`);
    const reply = await send(server, version, action + block("ReplyTo", none));
    assert.deepEqual([reply.status, reply.body, reply.headers["content-type"]], [202, "", undefined]);
    assert.equal(reply.headers["content-length"], "0");
    const busy = await send(server, version, action + block("ReplyTo", none));
    assert.deepEqual([busy.status, busy.body, busy.headers["retry-after"]], [500, "", "1"]);
    const toFault = await send(server, version, action + messageId + block("FaultTo", none));
    assert.deepEqual([toFault.status, toFault.body], [500, ""]);
    assert.equal(ended.length, 3);
    // Who wants no reply may still want to hear of a fault.
    const onlyFault = block("ReplyTo", none) + block("FaultTo", address(`${WSA}/anonymous`));
    const fault = await send(server, version, action + onlyFault, { body: payload("<unknown/>") });
    assert.deepEqual(texts(fault.body, "//*[local-name()='code']"), ["invalid_input"]);
  });

  test(`SOAP ${version}: blocks of the draft of 2004 and blocks for others are no addressing`, async () => {
    await using server = await start();
    const old = (attributes: string): string =>
      `<o:Action xmlns:o="http://schemas.xmlsoap.org/ws/2004/08/addressing" ${attributes}>urn:x:y</o:Action>`;
    assert.equal((await send(server, version, old(""))).status, 200);
    assert.equal(wordOf(await send(server, version, old('s:mustUnderstand="1"'))), "soapenv:MustUnderstand");
    const other = await send(server, version, block("FaultDetail", "", 's:mustUnderstand="1"'));
    assert.equal(wordOf(other), "soapenv:MustUnderstand");
    const { roleAttribute } = SOAP_RULES[version];
    const theirs = block("ReplyTo", address("http://other.example/"), `s:${roleAttribute}="urn:other"`);
    const reply = await send(server, version, action + messageId + theirs);
    assert.deepEqual([reply.status, texts(reply.body, "//a:RelatesTo")], [200, [ID]]);
  });
}

test("many blocks are answered with one fault, and more than anybody needs are not looked at", async () => {
  await using server = await startHarness({ evaluate: decision });
  const related = (count: number): string => action + messageId + block("RelatesTo", "urn:a:b").repeat(count);
  assert.equal((await send(server, "1.1", related(98))).status, 200);
  const reply = await send(server, "1.1", block("Action", ACTION).repeat(100));
  assert.equal(wordOf(reply), "wsa:InvalidCardinality");
  await send(server, "1.1", related(20_000));
  assert.equal(server.outcomes.at(-1), "too_large");
});

test("SOAPAction in two headers is nobody's action", async () => {
  await using server = await startHarness({ evaluate: decision });
  const statusOf = (values: readonly string[]): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        { port: server.port, host: "127.0.0.1", method: "POST", path: server.path, agent: false },
        (reply) => {
          reply.resume();
          reply.on("end", () => resolve(reply.statusCode));
        },
      );
      outgoing.on("error", reject);
      outgoing.setHeader("Content-Type", "text/xml");
      outgoing.setHeader("SOAPAction", values);
      outgoing.end(envelope(payload()));
    });
  assert.equal(await statusOf([`"${ACTION}"`]), 200);
  assert.equal(await statusOf([`"${ACTION}"`, `"${ACTION}"`]), 500);
  assert.equal(await statusOf([`"${ACTION}"`, `"${NAMESPACE}:Purge"`]), 500);
});
