import assert from "node:assert/strict";
import { test } from "node:test";
import { planCases } from "../../bench/plan-cases.js";

test("every kind of measurement is chosen by its name", () => {
  const { workloads, scenarios } = planCases(/^grpc\/trivial\/(c64|open50)\/|^recovery\/fragile\/kill/);
  assert.deepEqual(
    workloads.flatMap(({ cases }) => cases.map(({ name }) => name)),
    ["grpc/trivial/c64", "grpc/trivial/open50"],
  );
  assert.deepEqual(
    scenarios.map(({ name }) => name),
    ["recovery/fragile/kill/spare0", "recovery/fragile/kill/spare1"],
  );
});

test("a case has the servers of its group alone, and floors where they mean something", () => {
  const serversOf = (name: string): readonly string[] =>
    planCases(new RegExp(`^${name}/`)).workloads.flatMap(({ cases }) =>
      cases.flatMap(({ servers }) => servers.map((server) => server.name)),
    );
  assert.deepEqual(serversOf("grpc/trivial/c1"), [
    "gateway",
    "grpcio",
    "grpcio-aio",
    "mlserver",
    "node-http2",
  ]);
  assert.deepEqual(serversOf("soap/cpu1ms/c1"), ["gateway", "spyne", "soap-package", "fastapi", "bentoml"]);
});

test("no two measurements have one name", () => {
  const { workloads, scenarios } = planCases(/(?:)/);
  const names = [
    ...workloads.flatMap(({ cases }) =>
      cases.flatMap(({ name, servers }) => servers.map((server) => `${name}/${server.name}`)),
    ),
    ...scenarios.map(({ name }) => name),
  ];
  assert.equal(new Set(names).size, names.length);
});
