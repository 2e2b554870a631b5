import assert from "node:assert/strict";
import { test } from "node:test";
import { createClientAsync } from "soap";
import { Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { singleService } from "../support/single-service.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, NAMESPACE, startHarness, type Harness } from "./soap-harness.js";

const ACTION = { SOAPAction: `"${NAMESPACE}:EvaluateOne"` };

function decision(): Struct {
  const row = newStruct();
  row["decision"] = "approve";
  row["limit"] = new Decimal("1200.50");
  row["score"] = 0.0000012 * 1e6;
  row["rank"] = 7n;
  return row;
}

function request(name: string, application: string): string {
  return envelope(`<${name} xmlns="${NAMESPACE}"><application>${application}</application></${name}>`);
}

const ROW =
  "<applicationId>A1</applicationId><annualIncome>50000.50</annualIncome><dependants>2</dependants>";

async function start(result: Value, rows: boolean): Promise<Harness & { readonly seen: Struct[] }> {
  const seen: Struct[] = [];
  const harness = await startHarness({
    service: singleService(rows),
    evaluate: (inputs) => {
      seen.push(inputs);
      return result;
    },
  });
  return { ...harness, seen };
}

test("one row goes in without a list and comes out without one; main() sees tables as always", async () => {
  await using server = await start([decision()], true);
  const one = await server.send({ body: request("EvaluateOne", ROW), headers: ACTION });
  assert.equal(one.status, 200);
  assert.ok(createSchemaOracle(server.wsdl).isValid(one.body), one.body);
  assert.match(
    one.body,
    /<EvaluateOneResponse xmlns="[^"]*"><result><decision>approve<\/decision><limitField>1200.50<\/limitField><score>1.2<\/score><rank>7<\/rank><\/result>/,
  );
  const many = await server.send({ body: request("Evaluate", `<row>${ROW}</row>`) });
  assert.equal(many.status, 200);
  assert.match(many.body, /<EvaluateResponse xmlns="[^"]*"><result><row><decision>/);
  assert.deepEqual(server.seen[0], server.seen[1]);
  assert.ok(Array.isArray(server.seen[0]?.["application"]));
});

test("an answer that is no list is the same in both operations", async () => {
  await using server = await start(decision(), false);
  const one = await server.send({ body: request("EvaluateOne", ROW) });
  const many = await server.send({ body: request("Evaluate", `<row>${ROW}</row>`) });
  assert.equal(one.body.replaceAll("EvaluateOneResponse", "EvaluateResponse"), many.body);
});

test("an answer with another number of rows than one is the artifact's fault", async () => {
  for (const rows of [[], [decision(), decision()]]) {
    await using server = await start(rows, true);
    const one = await server.send({ body: request("EvaluateOne", ROW) });
    assert.deepEqual([one.status, server.outcomes], [500, ["output_invalid"]]);
    assert.equal((await server.send({ body: request("Evaluate", `<row>${ROW}</row>`) })).status, 200);
  }
});

test("the body and the action must ask for the same operation", async () => {
  await using server = await start([decision()], true);
  const other = { SOAPAction: `"${NAMESPACE}:Evaluate"` };
  await server.send({ body: request("EvaluateOne", ROW), headers: other });
  await server.send({ body: request("Evaluate", `<row>${ROW}</row>`), headers: ACTION });
  await server.send({ body: request("EvaluateTwo", ROW) });
  await server.send({ body: request("EvaluateOne", `<row>${ROW}</row>`), headers: ACTION });
  await server.send({ body: request("Evaluate", ROW) });
  assert.deepEqual(server.outcomes, [
    "invalid_input",
    "invalid_input",
    "not_found",
    "invalid_input",
    "invalid_input",
  ]);
});

test("a row that may be absent may be absent or nil, and the other must be there", async () => {
  await using server = await start([decision()], true);
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const nil = `<EvaluateOne xmlns="${NAMESPACE}"><application>${ROW}</application><history ${xsi} xsi:nil="true"/></EvaluateOne>`;
  assert.equal((await server.send({ body: envelope(nil) })).status, 200);
  assert.equal(server.seen[0]?.["history"], null);
  const none = await server.send({ body: envelope(`<EvaluateOne xmlns="${NAMESPACE}"/>`) });
  assert.match(none.body, /<path>application<\/path>/);
});

test("what is beyond the facets is refused by its place", async () => {
  await using server = await start([decision()], true);
  const body = request(
    "EvaluateOne",
    "<applicationId>123456789</applicationId><annualIncome>1.005</annualIncome><dependants>-1</dependants>" +
      "<statusField>new</statusField><rate>1.5</rate>",
  );
  const { body: fault } = await server.send({ body });
  const message = /<message>(.*?)<\/message>/.exec(fault)?.[1] ?? "";
  for (const part of [
    "application.application_id: Must have at most 8 characters.",
    "application.annual_income: Must be a number of at most 9 digits before the point and 2 after it.",
    "application.dependants: Must be at least 0.",
    "application.status: Must be one of the values that the contract lists.",
    "application.rate: Must be at least 0 and at most 1.",
  ]) {
    assert.ok(message.includes(part), `${part} in ${message}`);
  }
});

test("the client of the soap package finds both operations", async () => {
  await using server = await start([decision()], true);
  const client = await createClientAsync(`http://127.0.0.1:${server.port}${server.path}?wsdl`);
  const one = client["EvaluateOneAsync"] as (input: unknown) => Promise<[{ result: { decision: string } }]>;
  const [reply] = await one({ application: { applicationId: "A1", annualIncome: "1.5" } });
  assert.equal(reply.result.decision, "approve");
});
