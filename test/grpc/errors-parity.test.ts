/** Every cause of a failure that can be made from outside, made for real on every road: each caller is told the same. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { status as Status } from "@grpc/grpc-js";
import { CODES, type Code } from "../../src/errors.js";
import type { Flags } from "../../src/config.js";
import type { Message } from "../../src/contract/model.js";
import { structFromJson } from "../../src/json/decode.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { CalendarDate, Decimal, isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { fixture } from "../support/pool-harness.js";
import { repository } from "../support/served-example.js";
import { openRoads, ROADS, type Asked, type Road, type Told } from "./every-road.js";
import { serveArtifacts, type ServedArtifacts } from "./served-artifacts.js";

interface Expected {
  readonly code: Code;
  readonly status: Status;
  readonly started: boolean;
  readonly path?: string;
  /** Where its words are those of no protocol. */
  readonly message?: string;
}

const covered = new Set<Code>();

function check(road: Road, told: Told | "answered", expected: Expected): void {
  assert.ok(told !== "answered", `${road}: answered`);
  const { code, status, started, path, message } = expected;
  covered.add(code);
  assert.equal(told.code, code, road);
  if (told.status !== undefined) assert.equal(told.status, status, road);
  assert.equal(told.started, started, `${road}: started`);
  assert.equal(told.path, path, road);
  if (message !== undefined) assert.equal(told.message, message, road);
  assert.equal(told.comeBack, code === "overloaded" || code === "unavailable", `${road}: come back`);
  assert.match(told.requestId ?? "", /^[\w.-]{8,}$/, road);
  assert.doesNotMatch(told.everything, SECRETS, road);
}

function inputsOf(request: Message, json: Json): Struct {
  return structFromJson(request, parseStrictJson(Buffer.from(JSON.stringify(json)), ""), "", []);
}

/** What is sent and raised below, and what belongs to the machine. */
const SECRETS =
  /41114111|1986-02-30|5000\.001|Anna|secret|Traceback|ValueError|python_dict|node_modules|\.js:|\/tmp/;

async function onEveryRoad(
  { address, served }: ServedArtifacts,
  alias: string,
  asked: (road: Road) => Asked,
  expected: Expected,
  roads: readonly Road[] = ROADS,
): Promise<void> {
  const { ask, close } = openRoads(address, served(alias).service);
  try {
    for (const road of roads) check(road, await ask[road](asked(road)), expected);
  } finally {
    close();
  }
}

suite("a request that does not fit", () => {
  const file = repository("examples/credit_decision/samples/approve.json");
  const sample = withoutNulls(JSON.parse(readFileSync(file, "utf8")) as Json) as Record<
    string,
    Record<string, Json>[]
  >;
  const [row = {}] = sample["application"] ?? [];

  /** The sample with another value in its row. */
  const withRow = (
    { served }: ServedArtifacts,
    name: string,
    json: Json,
    value: Value | undefined,
  ): Asked => {
    const inputs = inputsOf(served("credit_decision").service.operation.request, sample);
    const table = inputs["application"];
    const [first] = Array.isArray(table) ? table : [];
    assert.ok(isStruct(first));
    if (value === undefined) Reflect.deleteProperty(first, name);
    else first[name] = value;
    return { json: { ...sample, application: [{ ...row, [name]: json }] }, inputs };
  };
  const wrong = { code: "invalid_input", status: Status.INVALID_ARGUMENT, started: false } as const;
  const cases: readonly (readonly [
    what: string,
    column: string,
    json: Json,
    value: Value | undefined,
    says?: RegExp,
  ])[] = [
    ["a required value is missing", "product_code", null, undefined, /This value is required\./],
    ["more digits than declared", "requested_amount", "5000.001", new Decimal("5000.001"), /2 after it\./],
    ["a day that does not exist", "birth_date", "1986-02-30", new CalendarDate("1986-02-30")],
  ];
  for (const [what, column, json, value, says] of cases) {
    test(what, async (t) => {
      const gateway = await serveArtifacts(t, [repository("examples/credit_decision/artifact")]);
      const asked = withRow(gateway, column, json, value);
      const expected = { ...wrong, path: `application[0].${column}` };
      await onEveryRoad(gateway, "credit_decision", () => asked, expected);
      if (says === undefined) return;
      const { ask, close } = openRoads(gateway.address, gateway.served("credit_decision").service);
      for (const road of ROADS) {
        const told = await ask[road](asked);
        assert.match(told === "answered" ? "" : told.message, says, road);
      }
      close();
    });
  }

  test("no table, and more rows than the contract has", async (t) => {
    const gateway = await serveArtifacts(t, [repository("examples/credit_decision/artifact")]);
    const { request } = gateway.served("credit_decision").service.operation;
    await onEveryRoad(gateway, "credit_decision", () => ({ json: {}, inputs: newStruct() }), {
      ...wrong,
      path: "application",
    });
    const type = request.fields.find(({ source }) => source === "application")?.type;
    assert.ok(type?.kind === "array");
    const many = { ...sample, application: Array.from({ length: type.maxItems + 1 }, () => row) };
    const inputs = inputsOf(request, many);
    await onEveryRoad(gateway, "credit_decision", () => ({ json: many, inputs }), {
      ...wrong,
      path: "application",
    });
  });

  test("more than a message may hold", async (t) => {
    const gateway = await serveArtifacts(t, [fixture("faults")], { maxMessageBytes: "20000" });
    await onEveryRoad(
      gateway,
      "faults",
      () => call("answer", "4111".repeat(6000)),
      {
        code: "too_large",
        status: Status.RESOURCE_EXHAUSTED,
        started: false,
        message: "The request is larger than 20000 bytes: send it in several smaller requests.",
      },
      // A stream is ended by what it cannot read on from, and grpc-js refuses by itself what is too large for it.
      ["SOAP 1.1", "SOAP 1.2", "JSON", "JSON over HTTP/2", "gRPC"],
    );
  });
});

/** A call of the artifact that does to its process what it is told. */
function call(what: string, detail?: string): Asked {
  const json = detail === undefined ? { what } : { what, detail };
  return { json, inputs: Object.assign(newStruct(), json) };
}

const internal = { status: Status.INTERNAL, started: true } as const;

suite("a call that fails in Python", () => {
  const faults: readonly (readonly [what: string, expected: Expected, flags?: Flags])[] = [
    [
      "raise",
      { ...internal, code: "artifact_error", message: "The artifact raised an error for this input." },
    ],
    [
      "object",
      { ...internal, code: "output_invalid", message: "The artifact returned something that is not data." },
    ],
    [
      "huge",
      { ...internal, code: "output_invalid", message: "The artifact returned something that is not data." },
      { maxMessageBytes: "20000" },
    ],
    [
      "exit",
      { ...internal, code: "worker_lost", message: "The process that ran this call was lost." },
      // Each road costs processes, and those that die young are not replaced for ever.
      { processes: "4" },
    ],
    [
      "hang",
      {
        code: "deadline_exceeded",
        status: Status.DEADLINE_EXCEEDED,
        started: true,
        message: "The call was not finished by its deadline.",
      },
      { defaultTimeoutMs: "300", processes: "4" },
    ],
  ];
  for (const [what, expected, flags] of faults) {
    test(what, async (t) => {
      const gateway = await serveArtifacts(t, [fixture("faults")], flags);
      await onEveryRoad(gateway, "faults", () => call(what, "4111111111111111"), expected);
    });
  }
});

suite("a call that finds no process", () => {
  /** Does something while the only process is at work. */
  const whileBusy = async (
    { address, served }: ServedArtifacts,
    work: () => Promise<void>,
  ): Promise<void> => {
    const { pool, service } = served("faults");
    const folder = mkdtempSync(join(tmpdir(), "busy-"));
    const { ask, close } = openRoads(address, service);
    const blocking = ask.gRPC(call("wait for file", join(folder, "go on")), 60_000);
    try {
      while (pool.state().running === 0) await new Promise(setImmediate);
      await work();
    } finally {
      writeFileSync(join(folder, "go on"), "");
      assert.equal(await blocking, "answered");
      close();
      rmSync(folder, { recursive: true });
    }
  };

  test("because too many calls are waiting", async (t) => {
    const gateway = await serveArtifacts(t, [fixture("faults")], { maxQueued: "0" });
    const expected: Expected = {
      code: "overloaded",
      status: Status.UNAVAILABLE,
      started: false,
      message: "Too many calls are waiting.",
    };
    // A stream waits instead.
    const roads = ROADS.filter((road) => !road.startsWith("stream"));
    await whileBusy(gateway, () => onEveryRoad(gateway, "faults", () => call("pid"), expected, roads));
  });

  test("before its deadline", async (t) => {
    const gateway = await serveArtifacts(t, [fixture("faults")], { defaultTimeoutMs: "200" });
    const expected: Expected = {
      code: "deadline_exceeded",
      status: Status.DEADLINE_EXCEEDED,
      started: false,
    };
    await whileBusy(gateway, () => onEveryRoad(gateway, "faults", () => call("pid"), expected));
  });

  test("because the artifact is not loaded yet", async (t) => {
    process.env["SLOW_IMPORT_UNTIL"] = "/nowhere/at/all";
    const gateway = await serveArtifacts(t, [fixture("slow-import")], {}, "at once");
    const inputs: Struct = Object.assign(newStruct(), { value: 1n });
    await onEveryRoad(gateway, "slow_import", () => ({ json: { value: 1 }, inputs }), {
      code: "unavailable",
      status: Status.UNAVAILABLE,
      started: false,
      message: "No process is ready to run the artifact.",
    });
  });
});

test("every code of the list is caused above, or cannot be caused from outside over both protocols", () => {
  const elsewhere: Partial<Record<Code, string>> = {
    unauthenticated: "WS-Security alone",
    permission_denied: "WS-Security alone",
    not_found: "a method that gRPC itself answers",
    unsupported: "media types and headers of SOAP",
    contract_mismatch: "nothing refuses with it yet",
    internal: "no defect can be made from outside: test/grpc/defects.test.ts",
  };
  assert.deepEqual(
    CODES.filter((code) => !covered.has(code)),
    CODES.filter((code) => elsewhere[code] !== undefined),
  );
});
