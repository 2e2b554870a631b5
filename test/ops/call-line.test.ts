/** The log lines of calls, which are written by hand, against what pino makes of the same record. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import pino from "pino";
import { CODES, GatewayError } from "../../src/errors.js";
import type { CallRecord } from "../../src/observe.js";
import { callMembers } from "../../src/ops/call-line.js";

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", "\u0000", "\n\t\u001f", "\u2028", "\ud800", "a\udfffb", "\u007f", "ö", ""),
);
const duration = fc.oneof(
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.constantFrom(0, 0.0004, 1.0005, 1e21, Number.NaN, Number.POSITIVE_INFINITY),
);

const error: fc.Arbitrary<Error> = fc
  .tuple(
    text,
    fc.option(text, { nil: undefined }),
    fc.array(fc.record({ path: text, message: text }), { maxLength: 2 }),
  )
  .map(([message, cause, violations]) => {
    const inner = cause === undefined ? {} : { cause: new TypeError(cause, { cause: new Error(message) }) };
    return new GatewayError("internal", message, { violations, ...inner });
  });

const record: fc.Arbitrary<CallRecord> = fc.record(
  {
    requestId: text,
    service: text,
    operation: text,
    protocol: fc.constantFrom("soap", "grpc", "run"),
    caller: text,
    code: fc.constantFrom("ok", ...CODES),
    durationMs: duration,
    queuedMs: duration,
    runMs: duration,
    bytesIn: fc.nat(),
    bytesOut: fc.nat(),
    worker: fc.nat(),
    error,
  },
  {
    requiredKeys: [
      "requestId",
      "service",
      "operation",
      "protocol",
      "code",
      "durationMs",
      "bytesIn",
      "bytesOut",
    ],
  },
);

/** The line as pino prints it, from a record whose durations are rounded and whose error is spelled out. */
function byPino({ error: failure, ...fields }: CallRecord): string {
  let line = "";
  const options = { base: null, timestamp: false, formatters: { level: (level: string) => ({ level }) } };
  const logger = pino(options, { write: (written: string) => void (line += written) });
  const rounded = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    name.endsWith("Ms") && typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
  ]);
  const spelled = failure === undefined ? {} : { error: spell(failure) };
  logger.info({ ...Object.fromEntries(rounded), ...spelled }, "call");
  return line;
}

function spell(failure: Error): object {
  assert.ok(failure instanceof GatewayError);
  const { violations, cause } = failure;
  const said = { message: failure.message, ...(violations.length === 0 ? {} : { violations }) };
  if (cause === undefined) return said;
  assert.ok(cause instanceof TypeError && cause.cause instanceof Error);
  return { ...said, causes: [`TypeError: ${cause.message}`, cause.cause.message] };
}

test("a call's line says what pino would say, in the same order", () => {
  fc.assert(
    fc.property(record, (called) => {
      const line = `{"level":"info"${callMembers(called)},"msg":"call"}`;
      const [found, expected] = [line, byPino(called)].map((json) => JSON.parse(json) as object);
      assert.deepEqual(found, expected);
      assert.deepEqual(Object.keys(found ?? {}), Object.keys(expected ?? {}));
      assert.doesNotMatch(line, /\n/);
    }),
    { seed: 51, numRuns: 3000 },
  );
});
