/** Which way of calling `main()` is chosen, and what is kept of the others. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { tryInPython } from "../../src/cli/try-in-python.js";
import { loadConfig } from "../../src/config.js";
import { DATASET_FORMATS, DEFAULT_MAIN_OPTIONS, type MainOptions } from "../../src/contract/main-options.js";
import { Refusal } from "../../src/errors.js";
import { findMainOptions, type MainFound, type Trial, type TryMain } from "../../src/lock/try-main.js";
import { DateTime, newStruct, type PythonValue } from "../../src/values.js";
import { openMainFixture, type MainFixture } from "../support/main-fixture.js";

type Sample = Parameters<MainFixture["sample"]>[0];

const ONE_ROW = { application: [{ id: "A", fico: 712, opened: "2024-01-31T10:00:00" }] };

function tryReally({ root, service }: MainFixture, limitMs = 60_000): TryMain {
  return tryInPython({ artifact: { root }, service, config: loadConfig({}), limitMs });
}

async function find(name: string, samples: readonly Sample[], output?: string): Promise<MainFound> {
  const opened = await openMainFixture(name, output);
  return findMainOptions({
    source: name,
    service: opened.service,
    samples: samples.map(opened.sample),
    tryMain: tryReally(opened),
  });
}

async function refusal(run: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await run.then(
    () => assert.fail("should have been refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Refusal, String(error));
  return error;
}

/** `style/format` of those that answered. */
function answered({ evidence }: MainFound): string[] {
  return evidence
    .filter(({ outcome }) => outcome === "answered")
    .map(({ callStyle, datasetFormat }) => `${callStyle}/${datasetFormat}`);
}

suite("an artifact that takes one format alone is called in this one", () => {
  for (const datasetFormat of DATASET_FORMATS) {
    test(datasetFormat, { timeout: 120_000 }, async () => {
      const output = "Array[Struct[id: String, fico: Numerical, opened: DateTime]]";
      const found = await find(`formats/${datasetFormat}`, [ONE_ROW], output);
      assert.deepEqual(found.chosen, { ...DEFAULT_MAIN_OPTIONS, callStyle: "data", datasetFormat });
      assert.deepEqual(answered(found), [`data/${datasetFormat}`]);
      assert.equal(found.results.length, 1);
      for (const { callStyle, outcome, reason } of found.evidence) {
        if (callStyle !== "data") assert.equal(outcome, "start_failed");
        else if (outcome !== "answered") {
          assert.equal(outcome, "artifact_error");
          assert.match(reason, /^sample 1: \w+Error at python_dict\/__init__\.py line \d+$/);
        }
      }
    });
  }
});

suite("an artifact that takes one call style alone is called in this one", () => {
  const two = { application: [{ fico: 1 }], trade_lines: [{ balance: 2 }, { balance: 3 }] };
  const named = { text: "a", limit: 1 };
  const cases: readonly (readonly [string, Sample, Partial<MainOptions>])[] = [
    ["none", {}, { callStyle: "none" }],
    ["data", two, { callStyle: "data" }],
    ["tables", two, { callStyle: "tables" }],
    ["arguments", named, { callStyle: "arguments" }],
    ["data_of_arguments", named, { callStyle: "data" }],
    ["columns", ONE_ROW, { callStyle: "arguments", datasetFormat: "row" }],
  ];
  for (const [name, sample, chosen] of cases) {
    test(name, { timeout: 120_000 }, async () => {
      const found = await find(`styles/${name}`, [sample], "String");
      assert.deepEqual(found.chosen, { ...DEFAULT_MAIN_OPTIONS, ...chosen });
      assert.deepEqual(found.results, [name.replaceAll("_", " ")]);
      assert.equal(answered(found).length, 1);
    });
  }
});

test("the format of one row is not tried with samples of more", { timeout: 120_000 }, async () => {
  const rows = { application: [...ONE_ROW.application, ...ONE_ROW.application] };
  const { problems } = await refusal(find("formats/row", [ONE_ROW, rows]));
  const [row] = problems.filter(({ message }) => message.includes("callStyle data and datasetFormat row:"));
  assert.match(row?.message ?? "", /invalid_input: sample 2: application: At most 1 elements are allowed/);
});

test(
  "what fails is told without a value: the kind of error and its place",
  { timeout: 120_000 },
  async () => {
    const opened = await openMainFixture("faults");
    const find = (sample: Sample, limitMs?: number): Promise<Refusal> =>
      refusal(
        findMainOptions({
          source: "faults",
          service: opened.service,
          samples: [opened.sample(sample)],
          tryMain: tryReally(opened, limitMs),
        }),
      );
    const raised = await find({ what: "raise", detail: "hunter2" });
    assert.equal(raised.kind, "artifact");
    assert.match(
      raised.message,
      /artifact_error: sample 1: ValueError at python_dict\/behaviours\/raise\.py line \d+\./,
    );
    assert.doesNotMatch(raised.message, /hunter2/);
    const object = await find({ what: "object" });
    assert.match(
      object.message,
      /output_invalid: sample 1: the result is builtins\.object, which is not data\./,
    );
    const exited = await find({ what: "exit" });
    assert.match(exited.message, /worker_lost: sample 1: The process that ran this call was lost\./);
    const hanging = await find({ what: "hang" }, 3000);
    assert.match(hanging.message, /deadline_exceeded: sample 1: /);
  },
);

test("an artifact that cannot be imported is tried once for each style", { timeout: 120_000 }, async () => {
  const opened = await openMainFixture("import-error");
  const { problems } = await refusal(
    findMainOptions({
      source: "import-error",
      service: opened.service,
      samples: [newStruct()],
      tryMain: tryReally(opened),
    }),
  );
  assert.match(problems[0]?.message ?? "", /start_failed: \w+ at python_dict\/__init__\.py line \d+\./);
});

suite("of several that answer, the first is chosen and the others are told", () => {
  const answers =
    (results: Readonly<Record<string, PythonValue>>): TryMain =>
    async ({ callStyle, datasetFormat }) => {
      await Promise.resolve();
      const result = results[`${callStyle}/${datasetFormat}`];
      const failed: Trial = { outcome: "artifact_error", reason: "sample 1: KeyError" };
      if (callStyle !== "data") return { outcome: "start_failed", reason: "no such parameter" };
      return result === undefined ? failed : { outcome: "answered", results: [result] };
    };
  const run = async (tryMain: TryMain, output?: string): Promise<MainFound> => {
    const { service, sample } = await openMainFixture("formats/rows", output);
    return findMainOptions({ source: "rows", service, samples: [sample(ONE_ROW)], tryMain });
  };

  test("with the same results or others", async () => {
    const moment = new DateTime("2024-01-31T10:00:00");
    const found = await run(
      answers({ "data/columns": [moment, Number.NaN], "data/rows": [moment, Number.NaN], "data/row": "A" }),
    );
    assert.equal(found.chosen.datasetFormat, "columns");
    assert.deepEqual(
      found.evidence.filter(({ outcome }) => outcome === "answered").map(({ sameResults }) => sameResults),
      [true, true, false],
    );
    // Three styles; of those that do not fit the signature, one format is enough.
    assert.equal(found.evidence.length, 1 + 1 + DATASET_FORMATS.length);
  });

  test("an answer of another type than the declared one is none", async () => {
    const found = await run(answers({ "data/column_type_values": 5n, "data/rows": "A" }), "String");
    assert.equal(found.chosen.datasetFormat, "rows");
    const [first] = found.evidence.filter(({ callStyle }) => callStyle === "data");
    assert.deepEqual(first, {
      callStyle: "data",
      datasetFormat: "column_type_values",
      outcome: "output_invalid",
      reason: "sample 1: result: expected str, found int",
    });
  });

  test("keys of data that nothing declares are not told", async () => {
    const secret = new Map([["hunter2", new Uint8Array(1)]]);
    const { message } = await refusal(run(answers({ "data/rows": secret })));
    assert.match(
      message,
      /output_invalid: sample 1: expected data that every protocol can carry, found bytes/,
    );
    assert.doesNotMatch(message, /hunter2/);
  });

  test("without a sample there is nothing to try", async () => {
    const { service } = await openMainFixture("formats/rows");
    const { kind } = await refusal(
      findMainOptions({ source: "rows", service, samples: [], tryMain: answers({}) }),
    );
    assert.equal(kind, "usage");
  });
});
