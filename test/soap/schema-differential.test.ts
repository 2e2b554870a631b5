/**
 * Whole requests, as bytes, against the schema that the WSDL of their version serves: what libxml2 finds valid is read, and
 * nothing else. Both readers, both versions, every operation, contracts of all kinds.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { XmlParseError } from "libxml2-wasm";
import { soapOperations, type SoapVersion } from "../../src/contract/soap-names.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { createQuickDecoder } from "../../src/soap/quick/quick-decode.js";
import { createRequestReader } from "../../src/soap/read-request.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import type { Struct } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";
import { edgedRequestArbitrary } from "./request-arbitrary.js";
import { createSchemaOracle, type SchemaOracle } from "./schema-oracle.js";

const REQUESTS_PER_CONTRACT = 40;

const services = [sampleService(), singleService(), singleService(true), ...sampleContracts(14, 5)];

/** The one rule for which XML Schema has no word that the toolkits of callers understand. */
const BEYOND_SCHEMA = "Must not repeat the key of another entry";

/** The inputs of a request, or why there are none. */
function read(
  reader: ReturnType<typeof createRequestReader>,
  text: string,
  mediaType: string,
): Struct | string {
  try {
    const head = { contentType: `${mediaType}; charset=utf-8`, action: "" };
    return reader(Buffer.from(text), head).inputs;
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    const violations = error.violations.map(({ path, message }) => `${path}: ${message}`);
    return [error.message, ...violations].join("\n");
  }
}

function isValid(oracle: SchemaOracle, text: string): boolean {
  try {
    return oracle.isValid(text);
  } catch (error) {
    if (error instanceof XmlParseError) return false;
    throw error;
  }
}

for (const version of ["1.1", "1.2"] as const satisfies readonly SoapVersion[]) {
  test(`SOAP ${version}: a request is read exactly when the schema of its WSDL allows it`, () => {
    const rules = SOAP_RULES[version];
    const counts = { valid: 0, invalid: 0, quick: 0 };
    for (const service of services) {
      const oracle = createSchemaOracle(generateWsdl(service, "http://localhost:8080/soap", version));
      const reader = createRequestReader({ service, limits: DEFAULT_LIMITS, rules, kinds: [] });
      for (const operation of soapOperations(service)) {
        const decodeQuickly = createQuickDecoder(service, DEFAULT_LIMITS, operation, rules);
        const requests = edgedRequestArbitrary(service, operation, version);
        const seed = services.indexOf(service);
        for (const text of fc.sample(requests, { numRuns: REQUESTS_PER_CONTRACT, seed })) {
          const inputs = read(reader, text, rules.mediaType);
          if (typeof inputs === "string" && inputs.includes(BEYOND_SCHEMA)) continue;
          const expected = isValid(oracle, text);
          assert.equal(
            typeof inputs !== "string",
            expected,
            `${typeof inputs === "string" ? inputs : ""}\n${text}`,
          );
          // With a comment, the same request is read by the complete reader.
          const complete = read(reader, `${text}<!-- -->`, rules.mediaType);
          assert.deepEqual(complete, inputs, text);
          if (decodeQuickly(text) !== undefined) counts.quick += 1;
          counts[expected ? "valid" : "invalid"] += 1;
        }
      }
    }
    assert.ok(Math.min(...Object.values(counts)) > 60, JSON.stringify(counts));
  });
}
