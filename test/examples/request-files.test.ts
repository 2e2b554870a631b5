/** The ready-made requests of the examples: they say what their samples say, and they get the same answers. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type JsonValue,
} from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { contractFiles } from "../../src/contract-files.js";
import type { Service } from "../../src/contract/model.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { bufBuild } from "../proto/buf.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { startLocalLlm } from "../support/local-llm.js";
import { PYTHON } from "../support/pool-harness.js";
import { runCommand } from "../support/run-command.js";
import { repository, serveExample } from "../support/served-example.js";
import { soapResult } from "../support/soap-client.js";
import { fromProtoJson, toProtoJson } from "./proto-json.js";
import { CURL, onOneLine, promisesOf } from "./readme.js";
import { contractOfExample, requestFiles, samplesOf } from "./sample-files.js";

const NEEDS_LIBRARIES =
  spawnSync(PYTHON, ["-c", "import sklearn"]).status === 0
    ? false
    : `${PYTHON} has no scikit-learn; npm run test:interop runs this`;
const SKIP = { credit_decision: false, default_risk: NEEDS_LIBRARIES, card_assistant: false } as const;
const NO_CURL = spawnSync("curl", ["--version"]).status === 0 ? false : "curl is not installed";

let stopLlm: () => void;
before(async () => {
  stopLlm = await startLocalLlm();
});
after(() => stopLlm());

for (const [example, skip] of Object.entries(SKIP)) {
  test(`${example}: .grpc.json says what the sample says`, async () => {
    const { operation } = await contractOfExample(example);
    const files = requestFiles(example, ".grpc.json");
    assert.ok(files.length > 0);
    for (const { name, text } of files) {
      const sample = readFileSync(repository(`examples/${example}/samples/${name}.json`), "utf8");
      assert.deepEqual(parse(text), toProtoJson(operation.request, parse(sample)), name);
    }
  });

  test(`${example}: ready-made requests get the answers of their samples`, { skip }, async (context) => {
    const { gateway, service, base, address } = await serveExample(
      repository(`examples/${example}/artifact`),
    );
    context.after(() => gateway.stop());
    const expected = new Map(samplesOf(example).map((sample) => [sample.name, parse(sample.expected)]));

    const envelopes = requestFiles(example, ".soap.xml");
    assert.ok(envelopes.length > 0);
    for (const { name, text } of envelopes) {
      await context.test(`${name}.soap.xml by HTTP`, async () => {
        const headers = {
          "Content-Type": "text/xml; charset=utf-8",
          SOAPAction: `"${service.namespace}:${service.operation.name}"`,
        };
        const reply = await fetch(base + soapVersionPath(service, "1.1"), {
          method: "POST",
          headers,
          body: text,
        });
        const body = await reply.text();
        assert.equal(reply.status, 200, body);
        assert.deepEqual(soapResult(service, body), withoutNulls(expected.get(name) ?? null));
      });
    }

    const evaluate = connect(address, service);
    context.after(() => evaluate.close());
    for (const { name, text } of requestFiles(example, ".grpc.json")) {
      await context.test(`${name}.grpc.json by grpc-js and the generated proto`, async () => {
        const [result] = service.operation.response.fields;
        const { result: message } = (await evaluate.call(parse(text))) as { result?: Json };
        assert.deepEqual(fromProtoJson(result.type, message), withoutNulls(expected.get(name) ?? null));
      });
    }

    await context.test("the curl command of the README", { skip: NO_CURL }, async () => {
      const port = Number(address.split(":")[1]);
      for (const { text, answer } of promisesOf(example, port, CURL)) {
        assert.equal(onOneLine(await runCommand("sh", ["-c", text])), onOneLine(answer));
      }
    });
  });
}

/** Calls of JSON in the form that protobuf defines, by what `buf` makes of the generated files. */
function connect(
  address: string,
  service: Service,
): { call(request: Json): Promise<JsonValue>; close(): void } {
  const texts = contractFiles(service)
    .filter(({ path }) => path.endsWith(".proto"))
    .map(({ path, content }) => [path.slice("proto/".length), String(content)] as const);
  const registry = createFileRegistry(bufBuild(new Map(texts)));
  const method = registry.getService(`${service.protoPackage}.${service.name}`)?.method["evaluate"];
  assert.ok(method !== undefined);
  const { input, output } = method;
  const client = new Client(address, credentials.createInsecure());
  return {
    call: (request) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          `/${method.parent.typeName}/${method.name}`,
          (json: Json) => Buffer.from(toBinary(input, fromJson(input, json, { registry }))),
          (bytes: Buffer) => toJson(output, fromBinary(output, bytes), { registry }),
          request,
          (error, reply) => {
            if (error !== null || reply === undefined) reject(error ?? new Error("no reply"));
            else resolve(reply);
          },
        );
      }),
    close: () => client.close(),
  };
}

function parse(text: string): Json {
  return JSON.parse(text) as Json;
}
