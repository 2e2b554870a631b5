import assert from "node:assert/strict";
import { test } from "node:test";
import { requirements } from "../../src/artifact/requirements.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { readVersions } from "../../src/artifact/versions.js";
import { problemsOf } from "./bundles.js";

function read(json: unknown): ReturnType<typeof readVersions> {
  return readVersions(parseStrictJson(Buffer.from(JSON.stringify(json)), "versions.json"), "versions.json");
}

const EXPECTED = {
  python: "3.11.4",
  libraries: [
    { name: "scikit-learn", version: "1.4.0" },
    { name: "numpy", version: "1.26.4" },
  ],
};

test("all four shapes read the same", () => {
  const shapes: readonly unknown[] = [
    { python: "3.11.4", "scikit-learn": "1.4.0", numpy: "1.26.4" },
    { python_version: "3.11.4", libraries: { "scikit-learn": "1.4.0", numpy: "1.26.4" } },
    { pythonVersion: "3.11.4", packages: ["scikit-learn==1.4.0", "numpy==1.26.4"] },
    {
      python: "3.11.4",
      os: "Linux",
      dependencies: [{ name: "scikit-learn", version: "1.4.0" }, "numpy == 1.26.4"],
    },
    [
      { name: "python", version: "3.11.4" },
      { name: "scikit-learn", version: "1.4.0" },
      { name: "numpy", version: "1.26.4" },
    ],
    ["python==3.11.4", "scikit-learn==1.4.0", "numpy==1.26.4"],
  ];
  for (const shape of shapes) {
    const { versions, warnings } = read(shape);
    assert.deepEqual(versions, EXPECTED);
    assert.deepEqual(warnings, []);
  }
});

test("nothing is nothing", () => {
  for (const shape of [{}, [], { libraries: {} }]) {
    assert.deepEqual(read(shape).versions, { python: undefined, libraries: [] });
  }
});

test("a version that is not text is left out with a warning", () => {
  const { versions, warnings } = read({ python: 3.11, h2o: null, numpy: "1.26.4" });
  assert.equal(versions.python, undefined);
  assert.deepEqual(versions.libraries, [{ name: "numpy", version: "1.26.4" }]);
  assert.deepEqual(
    warnings.map((warning) => warning.path),
    ["python", "h2o"],
  );
});

test("another shape is refused", async () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    ["3.11", ""],
    [null, ""],
    [["numpy"], "[0]"],
    [["numpy==1==2"], "[0]"],
    [[{ version: "1" }], "[0]"],
    [{ libraries: [1] }, "libraries[0]"],
  ];
  for (const [json, path] of wrong) {
    assert.deepEqual(
      (await problemsOf(() => read(json))).map((problem) => problem.path),
      [path],
    );
  }
});

test("requirements are pinned, normalised and sorted", () => {
  const { versions } = read({
    python: "3.11",
    Scikit_Learn: "1.4.0",
    "ruamel.yaml": "0.18.5",
    numpy: "2.0.0rc1",
  });
  assert.equal(requirements(versions), "numpy==2.0.0rc1\nruamel-yaml==0.18.5\nscikit-learn==1.4.0\n");
  const twice = { python: undefined, libraries: [EXPECTED.libraries, EXPECTED.libraries].flat() };
  assert.equal(requirements(twice), "numpy==1.26.4\nscikit-learn==1.4.0\n");
  for (const version of ["1!2.0", "1.0.post1", "1.0.dev3", "2.1.0+cu118", "v1.0", "1.0-1"]) {
    assert.equal(requirements({ python: undefined, libraries: [{ name: "a", version }] }), `a==${version}\n`);
  }
});

test("nothing but a name and a version gets into the requirements", async () => {
  const hostile: readonly (readonly [string, string])[] = [
    ["numpy\n--index-url http://evil", "1.0"],
    ["-r", "1.0"],
    ["--extra-index-url", "1.0"],
    ["numpy @ http://evil", "1.0"],
    ["git+https://evil", "1.0"],
    ["numpy[extra]", "1.0"],
    ["numpy ", "1.0"],
    ["", "1.0"],
    ["a".repeat(101), "1.0"],
    ["numpy", "1.0\n--index-url http://evil"],
    ["numpy", "1.0 --hash=sha256:0"],
    ["numpy", "1.0; python_version > '3'"],
    ["numpy", "1.0 # comment"],
    ["numpy", "*"],
    ["numpy", "latest"],
    ["numpy", ""],
    ["numpy", "1.".repeat(60) + "0"],
    ["numpy", "\u0661.0"],
  ];
  const libraries = hostile.map(([name, version]) => ({ name, version }));
  const problems = await problemsOf(() => requirements({ python: undefined, libraries }));
  assert.equal(problems.length, hostile.length);
});

test("a library with two versions is refused", async () => {
  const libraries = [
    { name: "scikit-learn", version: "1.4.0" },
    { name: "scikit_learn", version: "1.5.0" },
  ];
  const problems = await problemsOf(() => requirements({ python: undefined, libraries }));
  assert.deepEqual(
    problems.map((problem) => problem.path),
    ["scikit-learn"],
  );
});
