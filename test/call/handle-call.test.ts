import assert from "node:assert/strict";
import { test } from "node:test";
import { createAdmission } from "../../src/call/admission.js";
import { createServiceTime } from "../../src/call/service-time.js";
import { createCallHandler } from "../../src/call/handle-call.js";
import { createTurns } from "../../src/call/turns.js";
import type { Dispatcher } from "../../src/call/dispatcher.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS, maxInputBytes } from "../../src/limits.js";
import { readPickle } from "../../src/pickle/pickle-reader.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import type { CallRecord, Observer } from "../../src/observe.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

/** What a `main()` returns in these tests. */
type Returned = Exclude<Value, Struct>;

interface Called {
  readonly records: CallRecord[];
  /** The inputs that reached the dispatcher: tables, arguments, parameters. */
  readonly given: PythonValue[];
  readonly call: (inputs: Struct, answer: Returned | Error, operation?: string) => Promise<Value>;
}

/** The call path over a dispatcher that answers at once. */
function path(): Called {
  const records: CallRecord[] = [];
  const given: PythonValue[] = [];
  let answer: Returned | Error = null;
  const dispatcher: Dispatcher = {
    dispatch(inputs) {
      given.push(readPickle(inputs));
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ result: writePickle(answer), queuedMs: 1, runMs: 2, worker: 0 });
    },
    state: () => ({ ready: 1, processes: 1, queued: 0, running: 0 }),
    slots: () => 1,
    backlog: { hasPlaceFor: () => true, callsAhead: () => 0 },
    serviceTime: createServiceTime({ slots: () => 1 }),
  };
  const silent = (): void => undefined;
  const observer: Observer = {
    callFinished: (record) => void records.push(record),
    defect: silent,
    tls: silent,
    startMethodChosen: silent,
    processStarted: silent,
    processReady: silent,
    processEnded: silent,
    artifactOutput: silent,
  };
  const handler = createCallHandler({
    service: sampleService(),
    admit: createAdmission({ ...dispatcher, maxQueued: 1, maxBytes: 1000, maxQueueWaitMs: 1000 }),
    turns: createTurns(),
    dispatcher,
    limits: DEFAULT_LIMITS,
    trustUrgency: false,
    observer,
  });
  return {
    records,
    given,
    async call(inputs, answered, operation) {
      answer = answered;
      let result: Value = null;
      await handler(
        { requestId: "1", protocol: "run", deadlineAt: Number.POSITIVE_INFINITY, bytesIn: 7 },
        {
          decode: () => inputs,
          encode(value) {
            result = value;
            return "reply";
          },
          ...(operation === undefined ? {} : { operation: () => operation }),
        },
      );
      return result;
    },
  };
}

function inputs(row: Record<string, Value>): Struct {
  return struct({ application: [struct(row)] });
}

function struct(members: Record<string, Value>): Struct {
  return Object.assign(newStruct(), members);
}

const GOOD = inputs({ application_id: "A1", requested_amount: 1n });

test("a call is reported once, with its sizes and durations", async () => {
  const { call, records } = path();
  await call(GOOD, new Map([["decision", "APPROVE"]]));
  assert.equal(records.length, 1);
  const [record] = records;
  assert.equal(record?.code, "ok");
  assert.deepEqual(
    [record.bytesIn, record.bytesOut, record.queuedMs, record.runMs, record.worker],
    [7, 5, 1, 2, 0],
  );
});

test("what is reported is the operation that was asked for", async () => {
  const { call, records } = path();
  await call(GOOD, new Map([["decision", "APPROVE"]]));
  await call(GOOD, new Map([["decision", "APPROVE"]]), "EvaluateOne");
  assert.deepEqual(
    records.map(({ operation }) => operation),
    ["Evaluate", "EvaluateOne"],
  );
});

test("every missing required value is named at once, and Python is not asked", async () => {
  const { call, given, records } = path();
  const error: unknown = await call(inputs({}), null).catch((reason: unknown) => reason);
  assert.ok(error instanceof GatewayError);
  assert.equal(error.code, "invalid_input");
  assert.deepEqual(
    error.violations.map(({ path: place }) => place),
    ["application[0].application_id", "application[0].requested_amount"],
  );
  assert.deepEqual(given, []);
  assert.equal(records[0]?.code, "invalid_input");
});

test("inputs that take more room than Python is given are refused before Python", async () => {
  const { call, given } = path();
  const text = "x".repeat(maxInputBytes(DEFAULT_LIMITS));
  await assert.rejects(call(inputs({ application_id: text, requested_amount: 1n }), null), (error) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, "too_large");
    return true;
  });
  assert.deepEqual(given, []);
});

test("null is absent, a required table needs a row, a list has its limit", async () => {
  const { call, given } = path();
  await call(inputs({ application_id: "A1", requested_amount: 1n, annual_income: null }), new Map());
  const columns = sampleService().operation.request.fields[0]?.type;
  assert.ok(columns?.kind === "array" && columns.items.kind === "struct");
  const row = columns.items.message.fields.map(({ source }) =>
    source === "application_id" ? "A1" : source === "requested_amount" ? 1n : null,
  );
  const [tables] = given[0] as PythonValue[];
  assert.deepEqual((tables as PythonValue[])[0], [row]);
  const rejected = async (value: Struct, place: string): Promise<void> => {
    await assert.rejects(call(value, new Map()), (error: unknown) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.violations[0]?.path, place);
      return true;
    });
  };
  await rejected(newStruct(), "application");
  await rejected(struct({ application: [] }), "application");
  const months = Array.from({ length: 13 }, () => 1);
  await rejected(
    inputs({ application_id: "A", requested_amount: 1n, late_months: months }),
    "application[0].late_months",
  );
  await rejected(
    inputs({ application_id: "A", requested_amount: 1n, late_months: [null] }),
    "application[0].late_months[0]",
  );
});

test("an answer that the contract does not declare is the artifact's error, without its values", async () => {
  const { call } = path();
  const wrong: [Returned, RegExp][] = [
    ["APPROVE", /result: expected dict, found str/],
    [new Map([["decison", "APPROVE"]]), /only declared keys/],
    [new Map([["decision", 1n]]), /result\.decision: expected str, found int/],
    [new Map([["score", "secret"]]), /result\.score: expected float, found str/],
    [new Map([["sequence", 2n ** 63n]]), /64-bit int/],
    [new Map([["approved", 1n]]), /expected bool/],
    [new Map([["reason_codes", ["R1", null]]]), /reason_codes\[1\]: expected str, found None/],
  ];
  for (const [answer, cause] of wrong) {
    await assert.rejects(call(GOOD, answer), (error: unknown) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, "output_invalid");
      assert.doesNotMatch(error.message, /secret|decison/);
      assert.match(String(error.cause), cause);
      return true;
    });
  }
});

test("numbers are taken only where nothing of them is lost", async () => {
  const { call } = path();
  const score = async (value: Returned): Promise<Value> => await call(GOOD, new Map([["score", value]]));
  assert.deepEqual(await score(3n), struct({ score: 3 }));
  await assert.rejects(score(2n ** 53n + 1n), GatewayError);
  assert.deepEqual(await score(Number.NaN), struct({ score: Number.NaN }));
});
