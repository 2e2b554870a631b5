import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "./fuzz.js";
import { openTarget, TARGETS, type FuzzTarget } from "./fuzz-target.js";
import { holdProperties } from "./hold-properties.js";
import { keptCases } from "./kept-cases.js";
import { minimise } from "./minimise.js";

for (const name of TARGETS) {
  test(`${name}: what once failed holds, and so do a few inputs that are always the same`, async () => {
    const target = await openTarget(name);
    try {
      for (const [file, input] of keptCases(name)) {
        await assert.doesNotReject(holdProperties(target, input), `test/fuzz/cases/${name}/${file}`);
      }
      const failures: string[] = [];
      // A connection takes its time.
      const most = name === "front" ? 100 : 500;
      await fuzz(target, {
        seed: 1,
        until: Infinity,
        most,
        onFailure: (_input, problem) => failures.push(problem),
      });
      assert.deepEqual(failures, []);
    } finally {
      await target.close();
    }
  });
}

/** A target that fails for inputs with a word in them that no seed has. */
function planted(fails: (text: string) => void): FuzzTarget {
  return {
    seeds: [Buffer.from("<a>good</a>")],
    words: ["<b>", "</b>"],
    run: (input) => fails(Buffer.from(input).toString("latin1")),
    close: () => Promise.resolve(),
  };
}

async function failuresOf(target: FuzzTarget): Promise<readonly [string, string][]> {
  const found: [string, string][] = [];
  await fuzz(target, {
    seed: 7,
    until: Infinity,
    most: 3000,
    onFailure: (input, problem) => found.push([Buffer.from(input).toString("latin1"), problem]),
  });
  return found;
}

test("a defect is found, told once and made as small as it goes", async () => {
  const target = planted((text) => {
    if (text.includes("<b>")) throw new TypeError("planted");
  });
  assert.deepEqual(await failuresOf(target), [["<b>", "TypeError: planted"]]);
});

test("a changed prototype and a wait of the processor are failures", async () => {
  const pollute = planted((text) => {
    if (text.includes("<b>")) Reflect.set(Object.prototype, "polluted", 1);
  });
  try {
    const [[, problem] = ["", ""]] = await failuresOf(pollute);
    assert.match(problem, /Object\.prototype has changed/);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
  const spin = planted(() => {
    const { user } = process.cpuUsage();
    while (process.cpuUsage().user - user < 150_000);
  });
  await assert.rejects(holdProperties(spin, Buffer.from("x")), /of processor time/);
});

test("an input is made smaller only as long as it fails", async () => {
  const fails = (input: Uint8Array): Promise<boolean> =>
    Promise.resolve(/x.*y/s.test(Buffer.from(input).toString("latin1")));
  const smallest = await minimise(
    Buffer.from(`${"a".repeat(1000)}x${"b".repeat(1000)}y${"c".repeat(1000)}`),
    fails,
  );
  assert.equal(Buffer.from(smallest).toString("latin1"), "xy");
});
