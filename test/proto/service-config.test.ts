import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, credentials } from "@grpc/grpc-js";
import { generateServiceConfig, serviceConfigPath } from "../../src/proto/service-config.js";
import { sampleService } from "../support/sample-service.js";

interface ServiceConfig {
  readonly methodConfig: readonly {
    readonly name: readonly { readonly service: string; readonly method: string }[];
    readonly retryPolicy?: { readonly retryableStatusCodes: readonly string[] };
    readonly hedgingPolicy?: unknown;
  }[];
}

const TEXT = generateServiceConfig(sampleService());

test("only unary methods are sent again, only when nothing has begun, and nothing is hedged", () => {
  const { methodConfig } = JSON.parse(TEXT) as ServiceConfig;
  const service = "sample_decision.v1.SampleDecisionService";
  assert.deepEqual(
    methodConfig.flatMap(({ name }) => name),
    [
      { service, method: "Evaluate" },
      { service, method: "GetMetadata" },
    ],
  );
  for (const { retryPolicy, hedgingPolicy } of methodConfig) {
    assert.deepEqual(retryPolicy?.retryableStatusCodes, ["UNAVAILABLE"]);
    assert.equal(hedgingPolicy, undefined);
  }
});

test("it lies beside the proto", () => {
  const path = "proto/sample_decision/v1/sample_decision.service-config.json";
  assert.equal(serviceConfigPath(sampleService()), path);
});

test("grpc-js accepts it", () => {
  const options = { "grpc.service_config": TEXT };
  new Client("localhost:1", credentials.createInsecure(), options).close();
});
