/** A whole request, in both versions: what is answered is valid by the schema, what is refused is not; the quick reader agrees. */
import assert from "node:assert/strict";
import { XmlParseError } from "libxml2-wasm";
import { GatewayError } from "../../../src/errors.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { createDecoder } from "../../../src/soap/decode.js";
import { readEnvelope } from "../../../src/soap/envelope.js";
import { createQuickDecoder } from "../../../src/soap/quick/quick-decode.js";
import { createRequestReader } from "../../../src/soap/read-request.js";
import { SOAP_RULES } from "../../../src/soap/rules.js";
import { readXml } from "../../../src/soap/xml/xml-reader.js";
import { SOAP_VERSIONS } from "../../../src/contract/soap-names.js";
import type { Struct } from "../../../src/values.js";
import { generateWsdl } from "../../../src/wsdl/generate-wsdl.js";
import { createSchemaOracle, type SchemaOracle } from "../../soap/schema-oracle.js";
import { ENVELOPES } from "../../support/messages/exchange.js";
import { sampleService } from "../../support/sample-service.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { REQUEST_SEEDS, XML_WORDS } from "./requests.js";

/** Beyond what XML Schema can say: a key twice, and numbers and moments that do not fit their type without being changed. */
const OURS_ALONE =
  /key of another entry|64-bit floating point number|between the years|moment|date and time|Must be a? ?(number|date)/;

export function openDecode(): FuzzTarget {
  const service = sampleService();
  const faces = SOAP_VERSIONS.map((version) => {
    const rules = SOAP_RULES[version];
    const decode = createDecoder(service, DEFAULT_LIMITS.maxViolations);
    return {
      version,
      read: createRequestReader({ service, limits: DEFAULT_LIMITS, rules, kinds: [] }),
      quick: createQuickDecoder(service, DEFAULT_LIMITS, service.operation, rules),
      complete: (text: string): Struct =>
        decode(readEnvelope(readXml(text, DEFAULT_LIMITS), "", { service, rules, kinds: [] }).payload),
      oracle: createSchemaOracle(generateWsdl(service, "http://localhost/", version)),
    };
  });
  return {
    seeds: REQUEST_SEEDS,
    words: XML_WORDS,
    close: () => Promise.resolve(),
    run(input) {
      const text = Buffer.from(input).toString("utf8");
      // Looks like UTF-16, and is refused before anything is read.
      if (/^(<\0|\0<)/.test(text)) return;
      for (const { version, read, quick, complete, oracle } of faces) {
        const asked = text.replaceAll(ENVELOPES["1.1"], ENVELOPES[version]);
        const head = { contentType: `${SOAP_RULES[version].mediaType}; charset=utf-8`, action: "" };
        const answer = outcomeOf(() => read(Buffer.from(asked), head).inputs);
        assert.deepEqual(
          answer,
          outcomeOf(() => complete(asked.replace(/^\uFEFF/, ""))),
          "quick and complete reader differ",
        );
        const quickly = quick(asked);
        if (quickly !== undefined) assert.deepEqual(quickly, answer, "the quick reader answers otherwise");
        agreeWithSchema(answer, asked, oracle);
      }
    },
  };
}

function outcomeOf(read: () => Struct): Struct | GatewayError {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof GatewayError, `the decoder throws ${String(error)}`);
    return error;
  }
}

function agreeWithSchema(answer: Struct | GatewayError, text: string, oracle: SchemaOracle): void {
  if (!(answer instanceof GatewayError)) {
    assert.ok(isValid(oracle, text) !== false, "what the schema forbids is answered");
    return;
  }
  // Only violations are about the schema; what is refused before has no payload that could be looked at.
  const { violations } = answer;
  if (violations.length === 0 || violations.some(({ message }) => OURS_ALONE.test(message))) return;
  assert.ok(
    isValid(oracle, text) !== true,
    `what the schema allows is refused: ${violations[0]?.message ?? ""}`,
  );
}

/** `undefined` when libxml2 does not take the name of a namespace, which Namespaces 1.0 leaves to whoever uses it. */
function isValid(oracle: SchemaOracle, text: string): boolean | undefined {
  try {
    // The Content-Type has named the charset: whatever the declaration inside names does not count.
    return oracle.isValid(text.replace(/^<\?xml[^>]*\?>/, ""));
  } catch (error) {
    if (error instanceof XmlParseError && /is not a valid URI|is not absolute/.test(error.message))
      return undefined;
    throw error;
  }
}
