import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type JsonValue,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { checkInputs } from "../../src/call/check-inputs.js";
import { compileResultCheck } from "../../src/call/check-result.js";
import type { Service } from "../../src/contract/model.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { structFromJson } from "../../src/json/decode.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { descriptorSetBytes } from "../../src/proto/descriptor.js";
import { generateSamples } from "../../src/samples/generate-samples.js";
import { sampleRecord } from "../../src/samples/sample-values.js";
import {
  SOAP_VERSIONS,
  soapOperations,
  type SoapOperation,
  type SoapVersion,
} from "../../src/contract/soap-names.js";
import { createRequestReader } from "../../src/soap/read-request.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { parseStrictJson } from "../../src/strict-json.js";
import {
  CalendarDate,
  DateTime,
  Decimal,
  isStruct,
  type PythonValue,
  type Struct,
  type Value,
} from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { createSchemaOracle } from "../soap/schema-oracle.js";
import { sampleService } from "../support/sample-service.js";
import { contracts } from "./faceted-contract.js";

const SEED = { seed: 4, numRuns: 150 };

test("a sample request means the same over every protocol, and the call path takes it", () => {
  const property = fc.property(contracts, (service) => {
    const { request } = service.operation;
    const inputs = sampleRecord(request);
    assert.equal(checkInputs(request, inputs, 100), inputs);
    for (const read of readSoap(service)) assert.deepEqual(read, inputs);
    assert.deepEqual(readJson(service, "json-request.json", request), inputs);
    assert.deepEqual(compileDecode(service)(grpcBytes(service, "request")), inputs);
  });
  fc.assert(property, SEED);
});

test("a sample answer passes the check of answers and reads back as itself", () => {
  const property = fc.property(contracts, (service) => {
    const { response } = service.operation;
    const [result] = response.fields;
    const reply = sampleRecord(response);
    assert.deepEqual(compileResultCheck(result.type)(fromPython(reply["result"] ?? null)), reply["result"]);
    assert.deepEqual(readJson(service, "json-response.json", response), reply);
    const encoded = compileEncode(service)(reply["result"] ?? null);
    assert.deepEqual(grpcJson(service, encoded), grpcJson(service, grpcBytes(service, "response")));
  });
  fc.assert(property, SEED);
});

test("the SOAP samples are valid by the schema of the WSDL", () => {
  const property = fc.property(contracts, (service) => {
    const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/"));
    for (const operation of soapOperations(service)) {
      for (const direction of ["request", "response"] as const) {
        const text = sample(service, soapFile(service, operation, "1.1", direction));
        assert.ok(oracle.isValid(text), text);
      }
    }
  });
  fc.assert(property, SEED);
});

test("equal contracts have equal samples", () => {
  assert.deepEqual(generateSamples(structuredClone(sampleService())), generateSamples(sampleService()));
});

function sample(service: Service, name: string): string {
  const path = `samples/${service.alias}.v${service.major}.${name}`;
  const found = generateSamples(service).find((file) => file.path === path);
  assert.ok(found !== undefined, path);
  return found.content;
}

/** The inputs of `main()` in the sample of every operation and version of SOAP, which are all the same. */
function readSoap(service: Service): readonly Struct[] {
  return SOAP_VERSIONS.flatMap((version) => {
    const read = createRequestReader({
      service,
      limits: DEFAULT_LIMITS,
      rules: SOAP_RULES[version],
      kinds: [],
    });
    const head = { contentType: SOAP_RULES[version].mediaType, action: "" };
    return soapOperations(service).map((operation) => {
      const text = sample(service, soapFile(service, operation, version));
      const { operation: asked, inputs } = read(Buffer.from(text), head);
      assert.equal(asked.name, operation.name);
      return inputs;
    });
  });
}

/** `soap12-one-request.xml`. */
function soapFile(
  service: Service,
  operation: SoapOperation,
  version: SoapVersion,
  direction: "request" | "response" = "request",
): string {
  const one = operation === service.single ? "-one" : "";
  return `soap${version === "1.1" ? "" : "12"}${one}-${direction}.xml`;
}

function readJson(
  service: Service,
  name: string,
  message: Service["operation"]["request" | "response"],
): Struct {
  const violations: never[] = [];
  const struct = structFromJson(
    message,
    parseStrictJson(Buffer.from(sample(service, name)), name),
    "",
    violations,
  );
  assert.deepEqual(violations, []);
  return struct;
}

/** What protobuf-es makes of the sample in ProtoJSON. */
function grpcBytes(service: Service, direction: "request" | "response"): Uint8Array {
  const registry = registryOf(service);
  const { name } = service.operation[direction];
  const type = registry.getMessage(`${service.protoPackage}.${name}`);
  assert.ok(type !== undefined);
  const json = JSON.parse(sample(service, `grpc-${direction}.json`)) as JsonValue;
  return toBinary(type, fromJson(type, json, { registry }));
}

function grpcJson(service: Service, bytes: Uint8Array): JsonValue {
  const registry = registryOf(service);
  const type = registry.getMessage(`${service.protoPackage}.${service.operation.response.name}`);
  assert.ok(type !== undefined);
  return toJson(type, fromBinary(type, bytes), { registry });
}

function registryOf(service: Service): ReturnType<typeof createFileRegistry> {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSetBytes(service)));
}

/** A value as `main()` would return it. */
function fromPython(value: Value): PythonValue {
  if (Array.isArray(value)) return value.map(fromPython);
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [fromPython(key), fromPython(item)]));
  if (isStruct(value)) return new Map(Object.entries(value).map(([key, item]) => [key, fromPython(item)]));
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate) return value;
  return value;
}
