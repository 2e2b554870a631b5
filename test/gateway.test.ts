/** The whole gateway under wrong requests: each gets its own right answer, and nothing else changes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { status as Status, type ServiceError } from "@grpc/grpc-js";
import { soapAction, soapVersionPath } from "../src/contract/soap-names.js";
import { connectGrpc, type GrpcClient } from "./support/grpc-client.js";
import type { Json } from "./support/json-of-type.js";
import { fixture } from "./support/pool-harness.js";
import { repository, serveExample, type ServedExample } from "./support/served-example.js";
import { soapRequest } from "./support/soap-client.js";

const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Record<string, Json>[]>;

interface Served extends ServedExample {
  readonly good: string;
  readonly grpc: GrpcClient;
}

async function serve(context: TestContext): Promise<Served> {
  const served = await serveExample(repository("examples/credit_decision/artifact"), {
    maxMessageBytes: "200000",
    processes: "1",
  });
  context.after(() => served.gateway.stop());
  const grpc = connectGrpc(served.address, served.service);
  context.after(() => grpc.close());
  return { ...served, grpc, good: soapRequest(served.service, SAMPLE) };
}

interface Posted {
  readonly status: number;
  readonly text: string;
}

async function post(
  { base, service }: Served,
  body: string | Uint8Array,
  type = "text/xml; charset=utf-8",
): Promise<Posted> {
  const headers = { "Content-Type": type, SOAPAction: `"${service.namespace}:Evaluate"` };
  const response = await fetch(base + soapVersionPath(service, "1.1"), { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

test("wrong SOAP requests get the right fault with the path; the process lives on", async (context) => {
  const served = await serve(context);
  const { good } = served;
  const before = served.gateway.served[0]?.pool.state();
  const wrong: readonly (readonly [string, string, number, RegExp])[] = [
    ["not XML at all", "fico=712", 500, /Client.*not well-formed XML \(line 1, column \d+\)/],
    ["cut off", good.slice(0, -30), 500, /Client.*not well-formed XML/],
    ["a document type", `<!DOCTYPE x [<!ENTITY e "x">]>${good}`, 500, /Client/],
    [
      "a wrong type",
      good.replace(/<m:annualIncome>[^<]*/, "<m:annualIncome>much"),
      500,
      /<path>application\[0\]\.annual_income</,
    ],
    [
      "a date that does not exist",
      good.replace("1986-04-12", "1986-02-30"),
      500,
      /<path>application\[0\]\.birth_date</,
    ],
    [
      "a missing required column",
      good.replace(/<m:productCode>[^<]*<\/m:productCode>/, ""),
      500,
      /<path>application\[0\]\.product_code</,
    ],
    ["an unknown column", good.replaceAll("m:productCode", "m:productKode"), 500, /productKode/],
    ["an unknown table", good.replaceAll("m:tradeLines", "m:tradeLine"), 500, /Client.*tradeLine/],
    [
      "too many digits",
      good.replace("5000.00", "5000.001"),
      500,
      /<path>application\[0\]\.requested_amount</,
    ],
    ["another operation", good.replaceAll("m:Evaluate", "m:Purge"), 500, /Client/],
    [
      "another envelope",
      good.replace("schemas.xmlsoap.org/soap/envelope/", "www.w3.org/2003/05/soap-envelope"),
      500,
      /VersionMismatch/,
    ],
    ["too large", good.replace("Anna", "A".repeat(300_000)), 413, /Client.*too_large/],
  ];
  for (const [name, body, status, fault] of wrong) {
    const reply = await post(served, body);
    assert.equal(reply.status, status, `${name}: ${reply.text}`);
    assert.match(reply.text, fault, name);
    assert.doesNotMatch(
      reply.text,
      /1986-02-30|5000\.001|much<|at .*\.js/,
      `${name}: nothing of the input or of ours`,
    );
  }
  assert.equal((await post(served, good, "application/json")).status, 415);
  assert.equal((await post(served, good)).status, 200);
  assert.deepEqual(served.gateway.served[0]?.pool.state(), before);
});

test("SOAP 1.2 is answered beside SOAP 1.1, with the same answer", async (context) => {
  const served = await serve(context);
  const { base, service, good } = served;
  const [older, newer] = [
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
  ];
  const response = await fetch(base + soapVersionPath(service, "1.2"), {
    method: "POST",
    headers: { "Content-Type": `application/soap+xml; charset=utf-8; action="${soapAction(service)}"` },
    body: good.replaceAll(older, newer),
  });
  assert.equal(response.status, 200);
  assert.equal((await response.text()).replace(newer, older), (await post(served, good)).text);
  const page = await (await fetch(base)).text();
  assert.ok(page.includes(`${soapVersionPath(service, "1.2")}?wsdl`));
});

test("wrong gRPC requests get the right status with the path; the process lives on", async (context) => {
  const served = await serve(context);
  const [row = {}] = SAMPLE["application"] ?? [];
  const evaluate = async (change: Record<string, Json>): Promise<ServiceError> =>
    served.grpc.evaluate({ ...SAMPLE, application: [{ ...row, ...change }] }).then(
      () => assert.fail("the call should have failed"),
      (error: unknown) => error as ServiceError,
    );
  const wrong: readonly (readonly [Record<string, Json>, number, RegExp])[] = [
    [{ product_code: null }, Status.INVALID_ARGUMENT, /application\[0\]\.product_code/],
    [{ requested_amount: "12,50" }, Status.INVALID_ARGUMENT, /application\[0\]\.requested_amount/],
    [{ birth_date: "1986-02-30" }, Status.INVALID_ARGUMENT, /application\[0\]\.birth_date/],
    [{ applicant_name: "A".repeat(300_000) }, Status.RESOURCE_EXHAUSTED, /./],
  ];
  for (const [change, code, details] of wrong) {
    const error = await evaluate(change);
    assert.equal(error.code, code, error.details);
    assert.match(error.details, details);
    assert.doesNotMatch(error.details, /12,50|1986-02-30/);
  }
  const garbage = connect(Number(served.address.split(":")[1]), "127.0.0.1");
  garbage.on("error", () => undefined);
  garbage.end(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\u0000garbage".repeat(100)}`);
  await once(garbage.resume(), "close");
  assert.equal(((await served.grpc.evaluate(SAMPLE)) as { decision: string }).decision, "APPROVE");
});

test("many callers of both protocols at once all get their own answer", async (context) => {
  const served = await serve(context);
  const [row = {}] = SAMPLE["application"] ?? [];
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const id = `A-${index}`;
      const inputs = { application: [{ ...row, application_id: id }] };
      if (index % 2 === 0)
        return [id, (await served.grpc.evaluate(inputs)) as { application_id: string }] as const;
      const { text } = await post(served, soapRequest(served.service, inputs));
      return [id, { application_id: /<applicationId>([^<]*)</.exec(text)?.[1] ?? text }] as const;
    }),
  );
  for (const [id, { application_id: answered }] of answers) assert.equal(answered, id);
  assert.equal(served.calls.filter(({ code }) => code === "ok").length, 100);
});

test("a caller too many is overloaded at once, with a time to come back", async (context) => {
  const served = await serveExample(fixture("faults"), { processes: "1", maxQueued: "0" });
  context.after(() => served.gateway.stop());
  const send = (what: string): Promise<Response> =>
    fetch(served.base + soapVersionPath(served.service, "1.1"), {
      method: "POST",
      headers: { "Content-Type": "text/xml", SOAPAction: '""' },
      body: soapRequest(served.service, { what }),
    });
  const first = send("sleep half");
  await served.said("asleep");
  const second = await send("pid");
  assert.ok(Number(second.headers.get("retry-after")) >= 1);
  assert.match(await second.text(), /soapenv:Server.*<code>overloaded</);
  assert.match(await (await first).text(), /slept/);
});
