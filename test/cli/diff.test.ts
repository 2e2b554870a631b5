import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { contractOf } from "../../src/contract-of.js";
import { DEFAULT_MAIN_OPTIONS } from "../../src/contract/main-options.js";
import type { ContractLock } from "../../src/lock/lock-schema.js";
import { lockOfService } from "../../src/lock/lock-of-service.js";
import { printLock } from "../../src/lock/print-lock.js";
import { INPUT_EFFECTS } from "../../src/diff/input-effects.js";
import { INTERFACE_EFFECTS } from "../../src/diff/interface-effects.js";
import { OUTPUT_EFFECTS } from "../../src/diff/output-effects.js";
import { PROTOCOLS, type Effects } from "../../src/diff/change.js";
import { fixture } from "../support/pool-harness.js";
import { repository } from "../support/served-example.js";
import { gateway } from "./gateway-command.js";

const OFFER = fixture("offer");
const NEXT = fixture("offer-next");
const DOCUMENT = readFileSync(repository("docs/diff.md"), "utf8");

async function lockOf(artifact: string): Promise<ContractLock> {
  const opened = await openArtifact(artifact);
  const service = contractOf(await readArtifact(opened));
  await opened.close();
  return lockOfService(service, { revision: 1, main: DEFAULT_MAIN_OPTIONS, evidence: [] });
}

function written(context: TestContext, lock: ContractLock): string {
  const folder = mkdtempSync(join(tmpdir(), "diff-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "contract.lock.json");
  writeFileSync(path, printLock(lock));
  return path;
}

/** The first code block of the document in this language after a heading. */
function example(heading: string, language: string): string {
  const section = DOCUMENT.slice(DOCUMENT.indexOf(`\n## ${heading}\n`));
  const fence = `\`\`\`${language}\n`;
  const block = section.slice(section.indexOf(fence) + fence.length);
  return block.slice(0, block.indexOf("```"));
}

test("diff prints the example of its documentation, in lines of at most 80 characters", async () => {
  const { code, stdout } = await gateway("diff", OFFER, NEXT);
  assert.equal(code, 0);
  assert.equal(stdout, example("Example", ""));
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("diff --json prints the example of its documentation", async () => {
  const { code, stdout } = await gateway("diff", OFFER, NEXT, "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(example("JSON", "json")));
});

test("--fail-on ends with 4 for what it forbids, after the comparison", async () => {
  const breaking = await gateway("diff", OFFER, NEXT, "--fail-on", "breaking");
  assert.equal(breaking.code, 4);
  assert.match(breaking.stdout, /required now/);
  assert.match(breaking.stderr, /offer-next: Breaks callers over soap, grpc, json, cobol\./);
  assert.equal((await gateway("diff", OFFER, NEXT, "--fail-on", "any")).code, 4);
  const equal = await gateway("diff", OFFER, OFFER, "--fail-on", "any");
  assert.equal(equal.code, 0, equal.stderr);
  assert.match(equal.stdout, /Nothing differs/);
  assert.equal((await gateway("diff", OFFER, NEXT, "--fail-on", "never")).code, 2);
});

test("a new major passes --fail-on breaking, and is said to stand beside the other", async (context) => {
  const next = written(context, { ...(await lockOf(NEXT)), major: 2 });
  const { code, stdout } = await gateway("diff", OFFER, next, "--fail-on", "breaking");
  assert.equal(code, 0);
  assert.match(stdout, /v2 is an interface of its own beside v1/);
  assert.match(stdout, /^soap +compatible +1 breaking/m);
});

test("an artifact goes on from the lock: a stated rename keeps what messages carry, one that is not is not guessed", async (context) => {
  const lock = await lockOf(OFFER);
  const types = lock.types.map((type) => {
    if (type.kind !== "record") return type;
    const fields = type.fields.map((field) =>
      field.source === "state" ? { ...field, renamedTo: "channel" } : field,
    );
    return { ...type, fields };
  });
  const path = written(context, { ...lock, types });
  const renamed = await gateway("diff", path, NEXT);
  assert.match(renamed.stdout, /application\[\]\.state: renamed in the artifact \(state -> channel\)/);
  assert.match(renamed.stdout, /application\[\]\.state: new at the end/);
  const unstated = await gateway("diff", written(context, lock), NEXT);
  assert.doesNotMatch(unstated.stdout, /renamed/);
  assert.doesNotMatch(unstated.stderr, /Neither side is a contract lock/);
});

test("a lock that cannot be read is wrong usage", async (context) => {
  const path = written(context, await lockOf(OFFER));
  writeFileSync(path, "{}");
  const { code, stdout, stderr } = await gateway("diff", path, OFFER);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /contract\.lock\.json: format/);
});

test("the documentation says of every kind what the tables say", () => {
  const sections = DOCUMENT.slice(DOCUMENT.indexOf("## Kinds of change")).split(
    /^What callers |^The interface as /m,
  );
  const tables: Readonly<Record<string, Effects>>[] = [INPUT_EFFECTS, OUTPUT_EFFECTS, INTERFACE_EFFECTS];
  tables.forEach((effects, index) => {
    const rows = (sections[index + 1] ?? "").split("\n").filter((line) => line.startsWith("| `"));
    const documented = rows.map((row) => {
      const [, kind = "", , ...verdicts] = row.split("|").map((cell) => cell.trim());
      return [kind.replaceAll("`", ""), ...verdicts.slice(0, PROTOCOLS.length)];
    });
    const ours = Object.entries(effects).map(([kind, effect]) => [
      kind,
      ...PROTOCOLS.map((protocol) => effect[protocol].verdict),
    ]);
    assert.deepEqual(documented, ours);
  });
});
