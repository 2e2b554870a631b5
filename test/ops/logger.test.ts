import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { GatewayError } from "../../src/errors.js";
import type { CallRecord } from "../../src/observe.js";
import { createLog, createLogObserver, type Log } from "../../src/ops/logger.js";

const OK: CallRecord = {
  requestId: "1",
  service: "s",
  operation: "Evaluate",
  protocol: "grpc",
  code: "ok",
  durationMs: 1.23456,
  bytesIn: 1,
  bytesOut: 2,
};

test("lines of both kinds come out in order, with level and time, and the last of them before the log is closed", async (context) => {
  const { log, lines } = logTo(context, "info");
  const observer = createLogObserver(log);
  const before = Date.now();
  observer.callFinished(OK);
  log.info({ a: 1 }, "between");
  observer.callFinished({ ...OK, code: "invalid_input", error: new GatewayError("invalid_input", "no") });
  observer.callFinished({ ...OK, code: "internal", error: new GatewayError("internal", "no") });
  await log.close();
  const written = lines();
  assert.deepEqual(
    written.map(({ level, msg }) => [level, msg]),
    [
      ["info", "call"],
      ["info", "between"],
      ["info", "call refused"],
      ["warn", "call failed"],
    ],
  );
  for (const { time } of written) {
    const moment = Date.parse(String(time));
    assert.equal(new Date(moment).toISOString(), time);
    assert.ok(moment >= before && moment <= Date.now());
  }
  assert.deepEqual(Object.keys(written[0] ?? {}), ["level", "time", ...Object.keys(OK), "msg"]);
  assert.equal(written[0]?.["durationMs"], 1.235);
});

test("lines below the level are not made, and many lines lose none", async (context) => {
  const quiet = logTo(context, "warn");
  createLogObserver(quiet.log).callFinished(OK);
  quiet.log.line("info", () => assert.fail("was made"), "call");
  await quiet.log.close();
  assert.deepEqual(quiet.lines(), []);

  const busy = logTo(context, "info");
  const observer = createLogObserver(busy.log);
  for (let index = 0; index < 5000; index += 1) observer.callFinished({ ...OK, requestId: String(index) });
  await busy.log.close();
  assert.deepEqual(
    busy.lines().map(({ requestId }) => Number(requestId)),
    Array.from({ length: 5000 }, (_, index) => index),
  );
});

test("a process that ends without closing its log still writes the last lines", () => {
  const logger = new URL("../../src/ops/logger.js", import.meta.url).href;
  const program = `
    const { createLog } = await import(${JSON.stringify(logger)});
    const log = createLog({ level: "info" });
    log.info({}, "first");
    log.line("info", () => ',"n":2', "second");
    process.exit(3);`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  assert.equal(status, 3);
  assert.deepEqual(stdout.match(/"msg":"\w+"/g), ['"msg":"first"', '"msg":"second"']);
});

/** A log into a file of its own. */
function logTo(context: TestContext, level: string): { log: Log; lines: () => Record<string, unknown>[] } {
  const folder = mkdtempSync(join(tmpdir(), "artifact-gateway-log-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "log");
  const lines = (): Record<string, unknown>[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: createLog({ level, descriptor: openSync(file, "a") }), lines };
}
