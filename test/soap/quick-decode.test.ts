import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS, type Limits, type XmlLimits } from "../../src/limits.js";
import { createDecoder } from "../../src/soap/decode.js";
import { readEnvelope } from "../../src/soap/envelope.js";
import { createQuickDecoder } from "../../src/soap/quick/quick-decode.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { isStruct, type Struct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { CLIENT_REQUESTS } from "./client-requests.js";
import { requestArbitrary, spoiledRequestArbitrary } from "./request-arbitrary.js";
import { envelope, NAMESPACE, payload } from "./soap-harness.js";

const service = sampleService();
const decodeQuickly = createQuickDecoder(service, DEFAULT_LIMITS);
const ENVELOPE = { service, rules: SOAP_RULES["1.1"], kinds: [] };
const decode = createDecoder(service, DEFAULT_LIMITS.maxViolations);

const XML_LIMITS = Object.keys(DEFAULT_LIMITS).filter((key): key is keyof XmlLimits =>
  key.startsWith("maxXml"),
);

/** The answer of the complete reader; `undefined` when it refuses the request. */
function decodeCompletely(text: string, limits: Limits = DEFAULT_LIMITS): Struct | undefined {
  try {
    return decode(readEnvelope(readXml(text, limits), "", ENVELOPE).payload);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return undefined;
  }
}

test("a request of the usual form is read at once, and as the complete reader reads it", () => {
  let valid = 0;
  const property = fc.property(requestArbitrary(service), (text) => {
    const expected = decodeCompletely(text);
    assert.deepEqual(decodeQuickly(text), expected, text);
    if (expected !== undefined) valid += 1;
  });
  fc.assert(property, { seed: 31, numRuns: 1500 });
  assert.ok(valid > 750, `only ${valid} requests were valid`);
});

test("whatever is changed in a request, no answer is another one than the complete reader's", () => {
  let answered = 0;
  let refused = 0;
  const property = fc.property(spoiledRequestArbitrary(service), (text) => {
    const quick = decodeQuickly(text);
    if (quick === undefined) {
      refused += 1;
    } else {
      answered += 1;
      assert.deepEqual(quick, decodeCompletely(text), text);
    }
  });
  fc.assert(property, { seed: 32, numRuns: 6000 });
  // Were nearly everything on one side, agreement would prove little.
  assert.ok(answered > 1000 && refused > 1000, `${answered} answered, ${refused} refused`);
});

for (const [client, text] of Object.entries(CLIENT_REQUESTS)) {
  test(`the requests of ${client} are read at once`, () => {
    const inputs = decodeQuickly(text);
    assert.ok(inputs !== undefined);
    assert.deepEqual(inputs, decodeCompletely(text));
    assert.ok(isStruct(inputs["parameters"]) && inputs["parameters"]["strategy"] === null);
    const [row] = Array.isArray(inputs["application"]) ? inputs["application"] : [];
    assert.ok(isStruct(row) && row["application_id"] === "A <1> & \u00e9");
  });
}

test("what is not of the usual form is left to the complete reader", () => {
  const good = envelope(payload());
  const soap = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"';
  assert.ok(decodeQuickly(good) !== undefined);
  const left: Readonly<Record<string, string>> = {
    "a comment": good.replace("A1", "A<!-- -->1"),
    "a CDATA section": good.replace("A1", "<![CDATA[A1]]>"),
    "a processing instruction": good.replace("<s:Body>", "<s:Body><?x?>"),
    "a document type": `<!DOCTYPE x>${good}`,
    "a header block": good.replace("<s:Body>", '<s:Header><a xmlns="urn:a"/></s:Header><s:Body>'),
    "an attribute": good.replace("<row>", '<row a="b">'),
    "an encodingStyle": good.replace("<s:Envelope", '<s:Envelope s:encodingStyle=""'),
    "an entity of its own": good.replace("A1", "&nbsp;"),
    "a character that is none": good.replace("A1", "\u0001"),
    "a reference to a character that is none": good.replace("A1", "&#0;"),
    "an end of a CDATA section": good.replace("A1", "]]>"),
    "two body elements": envelope(payload() + payload()),
    "another operation": envelope(payload().replaceAll("Evaluate", "Purge")),
    "another version": good.replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:other"),
    "another namespace": good.replace(NAMESPACE, "urn:other"),
    "a namespace that is not closed": good.replace(`${NAMESPACE}"`, NAMESPACE),
    "a prefix that is not declared": envelope(payload()).replace(soap, ""),
    "a prefix declared twice": good.replace(soap, `${soap} ${soap}`),
    "another prefix of the same namespace": good
      .replace(soap, `${soap} xmlns:t="${NAMESPACE}"`)
      .replaceAll("row>", "t:row>"),
    "a declaration of xml": good.replace(soap, `${soap} xmlns:xml="urn:x"`),
    "a capital version": `<?XML VERSION="1.0"?>${good}`,
    "another version of XML": `<?xml version="1.1"?>${good}`,
    "a body of another namespace": good
      .replace(soap, `${soap} xmlns="urn:other"`)
      .replace("<s:Body>", "<Body>")
      .replace("</s:Body>", "</Body>"),
    "a header of another namespace": good
      .replace(soap, `${soap} xmlns:t="urn:other"`)
      .replace("<s:Body>", "<t:Header/><s:Body>"),
    "an end tag of a longer name": good.replace("</applicationId>", "</applicationId<"),
    "text between elements": good.replace("<row>", "x<row>"),
    "text after the envelope": `${good}x`,
    "no end": good.slice(0, -1),
    nothing: "",
    "a required element that is nil": good.replace(
      "<applicationId>A1</applicationId>",
      '<applicationId xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    ),
    "a prefix that its own declaration takes away": envelope(
      payload()
        .replaceAll(/<(\/?)(?=[a-zE])/g, "<$1xsi:")
        .replace("xmlns=", "xmlns:xsi="),
    ).replace(
      "<xsi:requestedAmount>",
      '<xsi:annualIncome xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><xsi:requestedAmount>',
    ),
  };
  for (const [name, text] of Object.entries(left)) assert.equal(decodeQuickly(text), undefined, name);
});

test("text is what the complete reader makes of it", () => {
  const written = [
    "",
    " ",
    "a\rb\r\nc\n",
    "\r",
    "&#13;\r&#xA;",
    "&lt;&gt;&amp;&quot;&apos;",
    "&#38;lt;",
    "\u{1d11e}&#x1D11E;",
  ];
  for (const text of [
    ...written,
    "]",
    "]]",
    "]>",
    "\t\u0085\u2028\uFFFD",
    "\uD800",
    "&#x110000;",
    "&#xFFFF;",
    "&x;",
    "&",
  ]) {
    const request = envelope(payload().replace("A1", () => text));
    const quick = decodeQuickly(request);
    assert.deepEqual(quick, decodeCompletely(request), JSON.stringify(text));
    if (written.includes(text)) assert.ok(quick !== undefined, JSON.stringify(text));
  }
});

test("the limits of elements, depth and items hold", () => {
  const text = envelope(payload("<lateMonths><item>1</item></lateMonths>"));
  const elements = text.match(/<\w/g)?.length ?? 0;
  const depth = 7;
  const within = { ...DEFAULT_LIMITS, maxXmlElements: elements };
  const beyond = { ...DEFAULT_LIMITS, maxXmlElements: elements - 1 };
  assert.ok(createQuickDecoder(service, within)(text) !== undefined);
  assert.equal(createQuickDecoder(service, beyond)(text), undefined);
  // The deepest element of the contract decides: application, row, matrix, item, item, below envelope and body.
  assert.ok(createQuickDecoder(service, { ...DEFAULT_LIMITS, maxXmlDepth: depth + 1 })(text) !== undefined);
  assert.equal(createQuickDecoder(service, { ...DEFAULT_LIMITS, maxXmlDepth: depth })(text), undefined);
  const months = (count: number): string =>
    envelope(payload(`<lateMonths>${"<item>1</item>".repeat(count)}</lateMonths>`));
  assert.ok(decodeQuickly(months(12)) !== undefined);
  assert.equal(decodeQuickly(months(13)), undefined);
  const tags = (count: number): string =>
    envelope(
      payload(
        `<tags>${Array.from({ length: count }, (_, key) => `<entry><key>${key}</key><value>1</value></entry>`).join("")}</tags>`,
      ),
    );
  assert.ok(decodeQuickly(tags(10)) !== undefined);
  assert.equal(decodeQuickly(tags(11)), undefined);
});

/** For each limit, a range of values around which it may or may not hold for a request. */
const AROUND: Record<keyof XmlLimits, readonly [number, number]> = {
  maxXmlDepth: [2, 12],
  maxXmlElements: [3, 60],
  maxXmlChildren: [1, 20],
  maxXmlAttributes: [0, 2],
  maxXmlAttributeLength: [0, 6],
  maxXmlNameLength: [5, 140],
  maxXmlNamespaces: [0, 25],
  maxXmlNamespacesInScope: [0, 70],
  maxXmlNamespaceLength: [10, 210],
  maxXmlTextLength: [0, 600],
  maxXmlCharacters: [200, 1500],
  maxXmlComments: [0, 1],
};

test("whatever limit is low, no answer is another one than the complete reader's", () => {
  const low = fc
    .constantFrom(...XML_LIMITS)
    .chain((limit) =>
      fc.tuple(fc.constant(limit), fc.integer({ min: AROUND[limit][0], max: AROUND[limit][1] })),
    );
  const client = fc.constantFrom(...Object.values(CLIENT_REQUESTS));
  const requests = fc.oneof(client, requestArbitrary(service), spoiledRequestArbitrary(service));
  const answered = new Set<string>();
  const limited = new Set<string>();
  const property = fc.property(requests, low, (text, [limit, most]) => {
    const limits = { ...DEFAULT_LIMITS, [limit]: most };
    const quick = createQuickDecoder(service, limits)(text);
    if (quick !== undefined) {
      answered.add(limit);
      assert.deepEqual(quick, decodeCompletely(text, limits), `${limit} ${most}: ${text}`);
    } else if (decodeQuickly(text) !== undefined && decodeCompletely(text, limits) === undefined) {
      limited.add(limit);
    }
  });
  fc.assert(property, { seed: 33, numRuns: 4000 });
  assert.deepEqual([...answered].sort(), [...XML_LIMITS].sort());
  // What the quick reader accepts has no comment; a low limit of anything else was met, and was obeyed.
  assert.deepEqual([...limited, "maxXmlComments"].sort(), [...XML_LIMITS].sort());
});

test("clients that begin their requests in many ways are told apart", () => {
  const beginning = (index: number): string =>
    envelope(payload()).replace("<s:Envelope", `<s:Envelope xmlns:p${index}="urn:${index}"`);
  const expected = decodeCompletely(envelope(payload()));
  for (let index = 0; index < 50; index += 1) {
    assert.deepEqual(decodeQuickly(beginning(index % 20)), expected);
    assert.equal(decodeQuickly(beginning(index % 20).replace("<row>", "<p1:row>")), undefined);
    // Known but for its last character: the operation's element has no content any more.
    assert.equal(
      decodeQuickly(beginning(index % 20).replace(`"${NAMESPACE}">`, `"${NAMESPACE}"/>`)),
      undefined,
    );
  }
});

test("a large table is read at once", () => {
  const row = /<row>.*<\/row>/.exec(payload())?.[0] ?? "";
  const text = envelope(payload().replace(row, row.repeat(100)));
  const inputs = decodeQuickly(text);
  assert.ok(Array.isArray(inputs?.["application"]) && inputs["application"].length === 100);
  const within = { ...DEFAULT_LIMITS, maxXmlChildren: 100 };
  assert.deepEqual(createQuickDecoder(service, within)(text), inputs);
  const beyond = { ...DEFAULT_LIMITS, maxXmlChildren: 99 };
  assert.equal(createQuickDecoder(service, beyond)(text), undefined);
  assert.equal(decodeCompletely(text, beyond), undefined);
});
