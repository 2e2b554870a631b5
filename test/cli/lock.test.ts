/** The life of a contract as a deployer has it: written, carried over to a retrained model, and held to. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ContractLock, LockedField } from "../../src/lock/lock-schema.js";
import { fixture, PYTHON } from "../support/pool-harness.js";
import { gateway, type Ran } from "./gateway-command.js";

async function succeed(...args: string[]): Promise<Ran> {
  const ran = await gateway(...args);
  assert.equal(ran.code, 0, ran.stderr);
  return ran;
}

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "lock-"));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

const MAIN = 'def main(data):\n    return {"decision": "APPROVE", "score": 712.5, "reasons": ["A1"]}\n';

interface Bundle {
  readonly columns: Readonly<Record<string, string>>;
  readonly metadata?: object;
  readonly main?: string;
}

/** An artifact of one table; written again, it is the next version. */
function writeArtifact(root: string, { columns, metadata = {}, main = MAIN }: Bundle): string {
  mkdirSync(join(root, "python_dict"), { recursive: true });
  const list = Object.entries(columns).map(([alias, type]) => ({ alias, type }));
  writeFileSync(
    join(root, "input_info.json"),
    JSON.stringify({ tables: [{ alias: "application", columns: list }] }),
  );
  writeFileSync(join(root, "metadata.json"), JSON.stringify({ alias: "credit", version: 1, ...metadata }));
  writeFileSync(join(root, "python_dict/versions.json"), "{}");
  writeFileSync(join(root, "python_dict/__init__.py"), main);
  return root;
}

function readLockFile(path: string): ContractLock {
  return JSON.parse(readFileSync(path, "utf8")) as ContractLock;
}

function rowFields(lock: ContractLock): readonly LockedField[] {
  const row = lock.types.find(({ name }) => name === "ApplicationRow");
  assert.ok(row?.kind === "record");
  return row.fields;
}

function filesBelow(path: string): ReadonlyMap<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(path.length), readFileSync(file, "latin1")];
    }),
  );
}

const RESULT = "Struct[decision: String, score: Numerical, reasons: Array[String]]";

test("a retrained model changes no byte of what callers have, whatever else it says of itself", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), {
    columns: { fico: "Numerical", income: "decimal(11,2)" },
    metadata: { output_type: RESULT, description: "As it was." },
  });
  const lock = join(at, "contract.lock.json");
  await succeed("lock", artifact, "--out", lock);
  await succeed("generate", artifact, "--lock", lock, "--out", join(at, "before"));
  writeArtifact(artifact, {
    columns: { income: "DECIMAL(11, 2)", fico: "double" },
    metadata: { output_type: RESULT, description: "Trained anew.", version: 2 },
  });
  writeFileSync(join(artifact, "python_dict/model.bin"), "other weights");
  await succeed("generate", artifact, "--lock", lock, "--out", join(at, "after"));
  assert.deepEqual(filesBelow(join(at, "after")), filesBelow(join(at, "before")));
  await succeed("generate", artifact, "--lock", lock, "--out", join(at, "before"), "--check");
});

test("what is compatible is another revision, what breaks callers another major", async (context) => {
  const at = folder(context);
  const artifact = join(at, "credit");
  const metadata = { output_type: RESULT };
  const [first, second, third] = ["1.json", "2.json", "3.json"].map((name) => join(at, name));
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  writeArtifact(artifact, { columns: { fico: "Numerical", income: "Numerical" }, metadata });
  await succeed("lock", artifact, "--out", first);

  writeArtifact(artifact, {
    columns: { age: "Numerical", fico: "Numerical", income: "Numerical" },
    metadata,
  });
  await succeed("lock", artifact, "--previous", first, "--out", second);
  const { major, revision } = readLockFile(second);
  assert.deepEqual([major, revision], [1, 2]);
  assert.deepEqual(
    rowFields(readLockFile(second)).map(({ source, number }) => [source, number]),
    [
      ["fico", 1],
      ["income", 2],
      ["age", 3],
    ],
  );

  writeArtifact(artifact, { columns: { age: "Numerical", income: "Numerical" }, metadata });
  const { stderr } = await succeed("lock", artifact, "--previous", second, "--out", third);
  assert.match(stderr, /major raised +callers break over .*soap/);
  const broken = readLockFile(third);
  assert.deepEqual([broken.major, broken.revision], [2, 1]);

  writeArtifact(artifact, { columns: { age: "Numerical", income: "Numerical", fico: "String" }, metadata });
  await succeed("lock", artifact, "--previous", third, "--out", join(at, "4.json"));
  const back = rowFields(readLockFile(join(at, "4.json"))).find(({ source }) => source === "fico");
  assert.equal(back?.number, 4);
});

test("the same artifact again changes nothing in its lock", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), { columns: { fico: "Numerical" } });
  await succeed("lock", artifact, "--out", join(at, "a.json"));
  await succeed("lock", artifact, "--previous", join(at, "a.json"), "--out", join(at, "b.json"));
  assert.equal(readFileSync(join(at, "b.json"), "utf8"), readFileSync(join(at, "a.json"), "utf8"));
});

test("a rename is stated in the lock, and callers do not notice it", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), { columns: { fico: "Numerical" } });
  const lock = join(at, "a.json");
  await succeed("lock", artifact, "--out", lock);
  const edited = readFileSync(lock, "utf8").replace(
    '"source": "fico",',
    '"source": "fico", "renamedTo": "score",',
  );
  writeFileSync(lock, edited);
  writeArtifact(artifact, { columns: { score: "Numerical" } });
  await succeed("lock", artifact, "--previous", lock, "--out", join(at, "b.json"));
  const [field] = rowFields(readLockFile(join(at, "b.json")));
  assert.deepEqual(
    [field?.source, field?.xml, field?.number, field?.renamedTo],
    ["score", "fico", 1, undefined],
  );
  assert.equal(readLockFile(join(at, "b.json")).major, 1);
});

test("an artifact that does not keep its lock is refused with the differences, exit code 4", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), { columns: { fico: "Numerical" } });
  const lock = join(at, "contract.lock.json");
  await succeed("lock", artifact, "--out", lock);
  writeArtifact(artifact, { columns: { fico: "Numerical", age: "Numerical" } });
  await succeed("generate", artifact, "--lock", lock, "--out", join(at, "files"));
  const frozen = await gateway(
    "serve",
    artifact,
    "--lock",
    lock,
    "--frozen",
    "--port",
    "0",
    "--management-port",
    "0",
  );
  assert.equal(frozen.code, 4, frozen.stderr);
  assert.match(frozen.stderr, /application\[\]\.age: field added.*compatible, but not in the lock/);
  writeArtifact(artifact, { columns: { age: "Numerical" } });
  const broken = await gateway("generate", artifact, "--lock", lock, "--out", join(at, "files"));
  assert.equal(broken.code, 4);
  assert.match(broken.stderr, /application\[\]\.fico: field removed.*breaks soap/);
});

test("a lock that was edited, is for another artifact or is missing is wrong usage", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), { columns: { fico: "Numerical" } });
  const lock = join(at, "contract.lock.json");
  await succeed("lock", artifact, "--out", lock);
  const again = await gateway("lock", artifact, "--out", lock);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /There is a lock already/);
  const text = readFileSync(lock, "utf8");
  writeFileSync(lock, text.replace('"maxItems": 1000', '"maxItems": 10'));
  const edited = await gateway("generate", artifact, "--lock", lock, "--out", at);
  assert.equal(edited.code, 2);
  assert.match(edited.stderr, /edited since it was written/);
  await succeed("lock", artifact, "--previous", lock, "--out", join(at, "next.json"));
  assert.match(readFileSync(join(at, "next.json"), "utf8"), /"maxItems": 10$/m);
  writeFileSync(lock, text.replace('"service": "credit"', '"service": "debit"'));
  const other = await gateway("generate", artifact, "--lock", lock, "--out", at);
  assert.match(other.stderr, /Belongs to debit, which is not served; served: credit/);
  const frozen = await gateway("serve", artifact, "--frozen", "--port", "0", "--management-port", "0");
  assert.equal(frozen.code, 2);
  assert.match(frozen.stderr, /Has no contract lock/);
});

test("what nothing declares is learned from samples, and more samples add to it", async (context) => {
  const at = folder(context);
  const main =
    'def main(data):\n    score = data["application"]["fico"]["values"][0]\n' +
    '    return {"score": score, "why": None if score > 600 else "low"}\n';
  const artifact = writeArtifact(join(at, "credit"), { columns: { fico: "Numerical" }, main });
  const sample = (name: string, fico: number): string => {
    writeFileSync(join(at, name), JSON.stringify({ application: [{ fico }] }));
    return join(at, name);
  };
  const python = ["--python", PYTHON];
  const lock = join(at, "contract.lock.json");
  const few = await gateway("lock", artifact, "--out", lock, "--sample", sample("high.json", 700), ...python);
  assert.equal(few.code, 3);
  assert.match(few.stderr, /result\.why: No sample shows a value here/);
  const both = [sample("high.json", 700), sample("low.json", 500)];
  await succeed("lock", artifact, "--out", lock, "--sample", ...both, ...python);
  const { result, main: chosen, evidence } = readLockFile(lock);
  assert.deepEqual(result, { origin: "samples", spelled: "Struct[score: Numerical, why: String]" });
  assert.equal(chosen.datasetFormat, "column_type_values");
  assert.ok(evidence?.includes("data, column_type_values: answered"));
  const ran = await succeed("run", artifact, "--lock", lock, "--input", join(at, "low.json"), ...python);
  assert.deepEqual(JSON.parse(ran.stdout), { score: 500, why: "low" });
  await succeed(
    "lock",
    artifact,
    "--previous",
    lock,
    "--out",
    join(at, "b.json"),
    "--sample",
    join(at, "high.json"),
    ...python,
  );
  assert.deepEqual(readLockFile(join(at, "b.json")).result, result);
});

test("main() is called as the lock says", async (context) => {
  const at = folder(context);
  const artifact = join(at, "rows");
  cpSync(fixture("formats/rows"), artifact, { recursive: true });
  const input = join(at, "input.json");
  writeFileSync(input, '{"application": [{"id": "a", "fico": 712, "opened": "2026-01-31T10:00:00"}]}');
  const python = ["--python", PYTHON];
  const lock = join(at, "contract.lock.json");
  assert.equal((await gateway("run", artifact, "--input", input, ...python)).code, 3);
  await succeed("lock", artifact, "--out", lock, "--sample", input, ...python);
  assert.equal(readLockFile(lock).main.datasetFormat, "rows");
  const { stdout } = await succeed("run", artifact, "--lock", lock, "--input", input, ...python);
  assert.match(stdout, /712/);
});

test("columns without a type are all named, and their types are stated once", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), { columns: {} });
  writeFileSync(join(artifact, "input_info.json"), '{"application": ["fico", "city"]}');
  const refused = await gateway("generate", artifact, "--out", join(at, "files"));
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /application\.fico: Is listed without a type/);
  assert.match(refused.stderr, /application\.city: Is listed without a type/);
  const lock = join(at, "contract.lock.json");
  const types = ["--type", "application.fico=Numerical", "application.city=varchar(30)"];
  await succeed("lock", artifact, "--out", lock, ...types);
  await succeed("generate", artifact, "--lock", lock, "--out", join(at, "files"));
  await succeed("lock", artifact, "--previous", lock, "--out", join(at, "again.json"));
  assert.equal(readFileSync(join(at, "again.json"), "utf8"), readFileSync(lock, "utf8"));
  const wrong = await gateway(
    "lock",
    artifact,
    "--out",
    join(at, "x.json"),
    ...types,
    "application.salary=Numerical",
  );
  assert.match(wrong.stderr, /application\.salary: No column without a type is called so/);
});

test("the profile mainframe bounds everything and offers one row without a list", async (context) => {
  const at = folder(context);
  const artifact = writeArtifact(join(at, "credit"), {
    columns: { name: "String", fico: "Numerical" },
    metadata: { output_type: "Struct[decision: String]" },
    main: 'def main(data):\n    return {"decision": "APPROVE"}\n',
  });
  const input = join(at, "input.json");
  writeFileSync(input, '{"application": [{"name": "Jo", "fico": 712.5}]}');
  const lock = join(at, "contract.lock.json");
  const flags = ["--profile", "mainframe", "--sample", input, "--python", PYTHON];
  const { stderr } = await succeed("lock", artifact, "--out", lock, ...flags);
  assert.match(stderr, /application\[\]\.name +maxLength \d+/);
  const [name, fico] = rowFields(readLockFile(lock));
  assert.ok(
    typeof name?.type === "object" && name.type.kind === "string" && name.type.maxLength !== undefined,
  );
  assert.ok(
    typeof fico?.type === "object" && fico.type.kind === "double" && fico.type.totalDigits !== undefined,
  );
  const undeclared = writeArtifact(join(at, "open"), { columns: { fico: "Numerical" } });
  const refused = await gateway("lock", undeclared, "--profile", "mainframe", "--out", join(at, "open.json"));
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /result/);
});
