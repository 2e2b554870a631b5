import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";
import { namedTypes } from "../../src/contract/named-types.js";
import { isReservedWord } from "../../src/contract/reserved-words.js";
import { soapOperations, type SoapOperation } from "../../src/contract/soap-names.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { createDecoder } from "../../src/soap/decode.js";
import { createEncoder } from "../../src/soap/encode.js";
import { createQuickDecoder } from "../../src/soap/quick/quick-decode.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import type { Struct } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { envelope } from "../soap/soap-harness.js";
import { changed, payloadArbitrary, printNode } from "../soap/payload-arbitrary.js";
import { createSchemaOracle } from "../soap/schema-oracle.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { singleService } from "../support/single-service.js";

const ADDRESS = "http://localhost:8080/soap";
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const services = [singleService(), singleService(true), ...sampleContracts(50)];

/** Payloads of a message, as text; every other one with something changed where `spoil` says so. */
function payloads(message: Message, name: string, namespace: string, spoil = false): readonly string[] {
  const declared = `xmlns="${namespace}" xmlns:o="urn:other" ${XSI}`;
  const trees = payloadArbitrary(message);
  const all = spoil ? trees.chain((root) => fc.oneof(fc.constant(root), changed(root))) : trees;
  return fc
    .sample(all, { numRuns: 20, seed: 11 })
    .map((root) => printNode({ ...root, name, attributes: [...root.attributes, declared] }));
}

/** The inputs of a payload, or why there are none. */
function read(decode: ReturnType<typeof createDecoder>, text: string): Struct | string {
  try {
    return decode(readXml(text, DEFAULT_LIMITS));
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error.violations.map(({ path, message }) => `${path}: ${message}`).join("; ");
  }
}

test("the decoders and libxml2 agree on what the schema of any contract allows, facets included", () => {
  const counts = { valid: 0, invalid: 0 };
  for (const service of services) {
    const oracle = createSchemaOracle(generateWsdl(service, ADDRESS));
    for (const operation of soapOperations(service)) {
      const decode = createDecoder(service, 20, operation);
      const decodeQuickly = createQuickDecoder(service, DEFAULT_LIMITS, operation);
      for (const text of payloads(operation.request, operation.name, service.namespace, true)) {
        const inputs = read(decode, text);
        if (typeof inputs === "string" && inputs.includes("key of another entry")) continue;
        const isValid = oracle.isValid(envelope(text));
        assert.equal(typeof inputs !== "string", isValid, `${JSON.stringify(inputs, bigints)}\n${text}`);
        counts[isValid ? "valid" : "invalid"] += 1;
        const quick = decodeQuickly(envelope(text));
        if (quick !== undefined) assert.deepEqual(quick, inputs);
      }
    }
  }
  assert.ok(counts.valid > 200 && counts.invalid > 100, JSON.stringify(counts));
});

test("every reply is valid by the schema, and reads back exactly", () => {
  let checked = 0;
  for (const service of services) {
    const { response } = service.operation;
    if (response.fields[0].type.kind === "dynamic") continue;
    const oracle = createSchemaOracle(generateWsdl(service, ADDRESS));
    const encode = createEncoder(service, 1_000_000);
    const decode = createDecoder(mirrorOf(service), 20);
    for (const text of payloads(response, response.name, service.namespace)) {
      const value = read(decode, text);
      if (typeof value === "string") continue;
      const printed = encode(value["result"] ?? null);
      assert.ok(oracle.isValid(envelope(printed)), printed);
      assert.deepEqual(read(decode, printed), value);
      checked += 1;
    }
  }
  assert.ok(checked > 200, String(checked));
});

test("no two names of a schema, and of a record cut to what COBOL keeps, are one to a compiler", () => {
  for (const service of services) {
    const wsdl = generateWsdl(service, ADDRESS);
    const declared = [...wsdl.matchAll(/<xsd:(?:complexType|simpleType) name="([^"]*)"/g)].map(([, name = ""]) => name);
    assert.deepEqual(repeatedIn(declared.map((name) => name.toLowerCase())), []);
    assert.deepEqual(declared.filter((name) => !/^[A-Za-z][A-Za-z0-9]*$/.test(name)), []);
    for (const fields of recordsOf(service)) {
      const names = fields.map(({ xmlName }) => xmlName);
      assert.deepEqual(repeatedIn(names.map((name) => name.slice(0, 23).toLowerCase())), []);
      assert.deepEqual(names.filter((name) => isReservedWord(name) || !/^[a-z][A-Za-z0-9]*$/.test(name)), []);
    }
  }
});

/** The same contract with its answer as what callers send. */
function mirrorOf(service: Service): Service {
  const { operation } = service;
  const fields = operation.response.fields.map((field) => ({ ...field, role: "argument" as const }));
  const request: SoapOperation["request"] = { ...operation.response, fields };
  return { ...service, operation: { ...operation, request } };
}

function recordsOf(service: Service): readonly (readonly Field[])[] {
  const { request, response } = service.operation;
  const records = namedTypes(service).flatMap((named) => (named.kind === "record" ? [named.message.fields] : []));
  return [request.fields, response.fields, ...records];
}

function repeatedIn(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

test("simple types are shared by shape, and named by their place where they have values or bounds", () => {
  const wsdl = generateWsdl(singleService(), ADDRESS);
  const typeOf = (name: string): string[] =>
    [...wsdl.matchAll(new RegExp(`<xsd:element name="${name}" type="([^"]*)"`, "g"))].map(([, type = ""]) => type);
  assert.deepEqual(typeOf("applicationId"), ["tns:string8"]);
  assert.deepEqual(typeOf("strategy"), ["tns:string8"]);
  assert.deepEqual(typeOf("annualIncome"), ["tns:decimal11x2"]);
  assert.deepEqual(typeOf("limitField"), ["tns:decimal11x2"]);
  assert.deepEqual(typeOf("dependants"), ["tns:applicationRowDependants"]);
  assert.deepEqual(typeOf("rate"), ["tns:applicationRowRate"]);
  assert.deepEqual(typeOf("statusField"), ["tns:applicationRowStatusField"]);
  assert.deepEqual(typeOf("rank"), ["tns:integer4"]);
  assert.equal(wsdl.match(/<xsd:simpleType name="decimal11x2"/g)?.length, 1);
});

test("a type that the artifact itself has called by the name of a shape keeps its name", () => {
  const list: FieldType = { kind: "array", name: "String8", items: { kind: "string" }, itemName: "item", maxItems: 3 };
  const service = singleService();
  const [result] = service.operation.response.fields;
  const response: SoapOperation["response"] = { ...service.operation.response, fields: [{ ...result, type: list }] };
  const wsdl = generateWsdl({ ...service, operation: { ...service.operation, response } }, ADDRESS);
  assert.match(wsdl, /<xsd:complexType name="String8"/);
  assert.match(wsdl, /<xsd:simpleType name="string8N2"/);
});
