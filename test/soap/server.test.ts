import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { createClientAsync } from "soap";
import { GatewayError } from "../../src/errors.js";
import { Decimal, isStruct, newStruct, type Struct } from "../../src/values.js";
import { NO_OFFLOAD } from "../support/no-offload.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, NAMESPACE, payload, startHarness, type HttpReply } from "./soap-harness.js";

function decision(text: string): Struct {
  const result = newStruct();
  result["decision"] = text;
  result["credit_limit"] = new Decimal("1200.50");
  result["sequence"] = 9007199254740993n;
  return result;
}

function element(body: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(body)?.[1];
}

test("a request is answered in UTF-8 with its length and its request id", async () => {
  await using server = await startHarness({ evaluate: () => decision("\u00e9<&>") });
  const reply = await server.send({
    body: envelope(payload()),
    headers: { SOAPAction: `"${NAMESPACE}:Evaluate"`, "X-Request-Id": "caller-1" },
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers["content-type"], "text/xml; charset=utf-8");
  assert.equal(reply.headers["content-length"], String(Buffer.byteLength(reply.body)));
  assert.equal(reply.headers["x-request-id"], "caller-1");
  assert.ok(createSchemaOracle(server.wsdl).isValid(reply.body), reply.body);
  assert.equal(element(reply.body, "sequence"), "9007199254740993");
});

test("the client of the soap package works from the served WSDL", async () => {
  const seen: Struct[] = [];
  await using server = await startHarness({
    evaluate: (inputs) => {
      seen.push(inputs);
      return decision("approve");
    },
  });
  const client = await createClientAsync(`http://127.0.0.1:${server.port}${server.path}?wsdl`);
  assert.deepEqual(Object.keys(client.describe() as object), ["SampleDecisionService"]);
  const evaluate = client["EvaluateAsync"] as (input: unknown) => Promise<[{ result: { decision: string } }]>;
  const row = { applicationId: "A1", annualIncome: 50000.5, requestedAmount: "10.00", isEmployed: true };
  const [reply] = await evaluate({ application: { row: [row, row] }, parameters: { strategy: "fast" } });
  assert.equal(reply.result.decision, "approve");
  const rows = seen[0]?.["application"];
  assert.ok(Array.isArray(rows) && rows.length === 2 && isStruct(rows[1]));
  assert.equal(rows[1]["annual_income"], 50000.5);

  const fault = await evaluate({ application: { row: [{ ...row, annualIncome: "much" }] } }).catch(
    (error: unknown) => error,
  );
  const detail = (
    fault as { root?: { Envelope: { Body: { Fault: { detail: { EvaluateFault: unknown } } } } } }
  ).root?.Envelope.Body.Fault.detail.EvaluateFault as { code: string; path: string; row: string } | undefined;
  assert.equal(detail?.code, "invalid_input");
  assert.equal(detail.path, "application[0].annual_income");
  assert.equal(detail.row, "0");
});

test("the WSDL is served with an ETag", async () => {
  await using server = await startHarness({ evaluate: () => decision("x") });
  const first = await server.send({ method: "GET", path: `${server.path}?WSDL` });
  assert.deepEqual([first.status, first.body], [200, server.wsdl]);
  assert.equal(first.headers["content-type"], "text/xml; charset=utf-8");
  const tag = first.headers.etag ?? "";
  const again = await server.send({
    method: "GET",
    path: `${server.path}?wsdl`,
    headers: { "If-None-Match": `"x", ${tag}` },
  });
  assert.deepEqual([again.status, again.body], [304, ""]);
  const head = await server.send({ method: "HEAD", path: `${server.path}?wsdl` });
  assert.deepEqual(
    [head.status, head.body, head.headers["content-length"]],
    [200, "", String(Buffer.byteLength(server.wsdl))],
  );
});

test("the documents of an endpoint are served under the queries of the tools, each with an ETag of its own", async () => {
  await using server = await startHarness({ evaluate: () => decision("x") });
  const get = (query: string, method = "GET"): Promise<HttpReply> =>
    server.send({ method, path: `${server.path}?${query}` });
  const tags = new Map<string, string>();
  for (const [query, beginning] of [
    ["wsdl", "<wsdl:definitions"],
    ["wsdl&policy", "<wsdl:definitions"],
    ["xsd", "<xsd:schema"],
  ] as const) {
    const { status, body, headers } = await get(query);
    assert.deepEqual([status, headers["content-type"]], [200, "text/xml; charset=utf-8"], query);
    assert.ok(body.startsWith(`<?xml version="1.0" encoding="UTF-8"?>\n${beginning} `), body.slice(0, 100));
    assert.equal(body.includes("wsp:Policy"), query === "wsdl&policy");
    const tag = headers.etag ?? "";
    tags.set(query, tag);
    const known = await server.send({
      method: "GET",
      path: `${server.path}?${query}`,
      headers: { "If-None-Match": `W/${tag}` },
    });
    assert.deepEqual([known.status, known.body, known.headers.etag], [304, "", tag]);
    const head = await get(query, "HEAD");
    assert.deepEqual(
      [head.status, head.body, head.headers["content-length"]],
      [200, "", String(Buffer.byteLength(body))],
    );
  }
  assert.equal(new Set(tags.values()).size, 3);
  const same = {
    singleWsdl: "wsdl",
    WSDL: "wsdl",
    "wsdl&policy=1": "wsdl&policy",
    "xsd=1": "xsd",
    XSD: "xsd",
  };
  for (const [query, as] of Object.entries(same)) {
    assert.equal((await get(query)).headers.etag, tags.get(as), query);
  }
  for (const query of [
    "xsd=2",
    "xsd=../../etc/passwd",
    "wsdl=",
    "policy",
    "wsdl&policy=0",
    "wsdl&x",
    "",
    "__proto__",
  ]) {
    const { status, headers } = await get(query);
    assert.deepEqual([status, headers.allow], [405, "POST"], query);
  }
});

test("other methods and paths are refused, with what is allowed", async () => {
  await using server = await startHarness({ evaluate: () => decision("x") });
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
    const reply = await server.send({ method, path: server.path });
    assert.deepEqual([reply.status, reply.headers.allow], [405, "POST"], method);
  }
  const put = await server.send({ method: "PUT", path: `${server.path}?wsdl` });
  assert.deepEqual([put.status, put.headers.allow], [405, "GET, HEAD, POST"]);
  for (const path of ["//", "/%zz", `${server.path}/`, `http://[${server.path}`, "*"]) {
    assert.equal((await server.send({ path })).status, 404, path);
  }
});

test("a fault is 500 with the declared detail, and carries no cause", async () => {
  await using server = await startHarness({
    evaluate: () => {
      throw new Error("secret in /srv/main.py");
    },
  });
  const reply = await server.send({ body: envelope(payload()) });
  assert.equal(reply.status, 500);
  assert.equal(reply.headers["content-type"], "text/xml; charset=utf-8");
  assert.equal(element(reply.body, "code"), "internal");
  assert.equal(element(reply.body, "requestId"), reply.headers["x-request-id"]);
  assert.equal(/secret|main\.py|node_modules/.test(reply.body), false);
  assert.ok(createSchemaOracle(server.wsdl).isValid(reply.body));
});

test("a busy gateway says when to come back", async () => {
  await using server = await startHarness({
    evaluate: () => {
      throw new GatewayError("overloaded", "Too many calls.", { retryAfterMs: 1500 });
    },
  });
  const reply = await server.send({ body: envelope(payload()) });
  assert.deepEqual([reply.status, reply.headers["retry-after"]], [500, "2"]);
  assert.equal(element(reply.body, "faultcode"), "soapenv:Server");
});

test("a wrong version and a header that must be understood get the faults SOAP has for them", async () => {
  await using server = await startHarness({ evaluate: () => decision("x") });
  const soap12 = envelope(payload()).replace(
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
  );
  const version = await server.send({ body: soap12 });
  assert.deepEqual([version.status, element(version.body, "faultcode")], [500, "soapenv:VersionMismatch"]);
  const header = '<s:Header><a xmlns="urn:a" s:mustUnderstand="1"/></s:Header>';
  const understood = await server.send({ body: envelope(payload(), header) });
  assert.deepEqual(
    [understood.status, element(understood.body, "faultcode")],
    [500, "soapenv:MustUnderstand"],
  );
  assert.match(element(understood.body, "faultstring") ?? "", /the header "a", which must be understood/);
});

test("many calls at once do not mix", async () => {
  await using server = await startHarness({
    evaluate: async (inputs) => {
      await new Promise((resolve) => setImmediate(resolve));
      const rows = inputs["application"];
      const row = Array.isArray(rows) ? rows[0] : undefined;
      const id = isStruct(row) ? row["application_id"] : undefined;
      return decision(typeof id === "string" ? id : "");
    },
  });
  const ids = Array.from({ length: 100 }, (_, index) => `A${index}`);
  const replies = await Promise.all(
    ids.map((id) => server.send({ body: envelope(payload().replace("A1", id)) })),
  );
  assert.deepEqual(
    replies.map(({ body }) => element(body, "decision")),
    ids,
  );
});

test("UTF-16 requests are read", async () => {
  await using server = await startHarness({
    evaluate: (inputs) => decision(JSON.stringify(inputs["application"])),
  });
  const body = Buffer.from(`\uFEFF${envelope(payload().replace("A1", "\u20ac"))}`, "utf16le");
  const reply = await server.send({ body, headers: { "Content-Type": "text/xml; charset=utf-16" } });
  assert.equal(reply.status, 200);
  assert.ok(reply.body.includes("\u20ac"));
});

test("a caller that goes away aborts its call, and the server goes on", async () => {
  let started = (): void => undefined;
  let aborted = (): void => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));
  const wasAborted = new Promise<void>((resolve) => (aborted = resolve));
  await using server = await startHarness({
    evaluate: async (_inputs, { signal }) => {
      started();
      await new Promise<void>((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
      aborted();
      return decision("late");
    },
  });
  const text = envelope(payload());
  const socket = connect(server.port, "127.0.0.1");
  socket.write(
    `POST ${server.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  await hasStarted;
  socket.destroy();
  await wasAborted;
  assert.equal((await server.send({ method: "GET", path: `${server.path}?wsdl` })).status, 200);
});

test("the start fails for a WSDL that is not the service's", async () => {
  const other = { ...sampleService(), name: "OtherService" };
  const { createSoapEndpoint } = await import("../../src/soap/server.js");
  const { generateWsdl } = await import("../../src/wsdl/generate-wsdl.js");
  const { DEFAULT_LIMITS } = await import("../../src/limits.js");
  const call = (): Promise<never> => Promise.reject(new Error("not called"));
  const wsdl = generateWsdl(sampleService(), "http://localhost/");
  const options = {
    service: other,
    call,
    limits: DEFAULT_LIMITS,
    offload: NO_OFFLOAD,
    wsdl,
    policyWsdl: "",
    xsd: "",
  };
  await assert.rejects(createSoapEndpoint(options), /seams/);
});
