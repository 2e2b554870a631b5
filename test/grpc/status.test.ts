import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { status as Status } from "@grpc/grpc-js";
import { CODES, GatewayError, type Violation } from "../../src/errors.js";
import { errorStatus, type CallStatus } from "../../src/grpc/status.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";

const context = { service: "a.v1.AService", requestId: "r-1", maxViolations: 20 };

function trailer({ trailers }: CallStatus, wanted: string): string | Buffer | undefined {
  return trailers.find(([name]) => name === wanted)?.[1];
}

function details(status: CallStatus) {
  const bytes = trailer(status, "grpc-status-details-bin");
  assert.ok(bytes instanceof Buffer);
  const decoded = fromBinary(StatusSchema, bytes);
  const unpack = <T>(read: (index: number) => T | undefined): T | undefined =>
    decoded.details.map((_, index) => read(index)).find((found) => found !== undefined);
  const at = (index: number) => decoded.details[index] ?? assert.fail();
  return {
    size: bytes.length,
    status: decoded,
    info: unpack((index) => anyUnpack(at(index), ErrorInfoSchema)),
    badRequest: unpack((index) => anyUnpack(at(index), BadRequestSchema)),
    retry: unpack((index) => anyUnpack(at(index), RetryInfoSchema)),
  };
}

function violations(count: number, path: string, message = "Must be text."): Violation[] {
  return Array.from({ length: count }, (_, index) => ({ path: `${path}[${index}]`, message }));
}

test("each code has the status of the design", () => {
  const words = CODES.map((code) => Status[errorStatus(new GatewayError(code, "x"), context).code]);
  assert.deepEqual(words, [
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "NOT_FOUND",
    "RESOURCE_EXHAUSTED",
    "UNIMPLEMENTED",
    "FAILED_PRECONDITION",
    "UNAVAILABLE",
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "INTERNAL",
    "INTERNAL",
    "INTERNAL",
  ]);
});

test("violations, reason and request id can be read by a program", () => {
  const error = new GatewayError("invalid_input", "The request does not fit the contract.", {
    violations: violations(2, "application"),
  });
  const status = errorStatus(error, context);
  assert.equal(
    status.details,
    "The request does not fit the contract. application[0]: Must be text. (and 1 more)",
  );
  const { info, badRequest, status: inner, retry } = details(status);
  assert.equal(inner.code, Status.INVALID_ARGUMENT);
  assert.equal(inner.message, status.details);
  assert.equal(info?.reason, "INVALID_INPUT");
  assert.equal(info.domain, "artifact-gateway");
  assert.deepEqual(info.metadata, { service: "a.v1.AService", request_id: "r-1", started: "false" });
  assert.deepEqual(
    badRequest?.fieldViolations.map(({ field, description }) => [field, description]),
    [
      ["application[0]", "Must be text."],
      ["application[1]", "Must be text."],
    ],
  );
  assert.equal(retry, undefined);
  assert.equal(trailer(status, "x-request-id"), "r-1");
});

test("a message that names the first violation already is not repeated", () => {
  const [first] = violations(1, "a");
  const error = new GatewayError("invalid_input", "a[0]: Must be text.", {
    violations: first ? [first] : [],
  });
  assert.equal(errorStatus(error, context).details, "a[0]: Must be text.");
});

test("a retryable error says when, and no other does", () => {
  const busy = errorStatus(new GatewayError("overloaded", "Busy.", { retryAfterMs: 1250.2 }), context);
  assert.equal(trailer(busy, "grpc-retry-pushback-ms"), "1251");
  const { retry } = details(busy);
  assert.deepEqual([retry?.retryDelay?.seconds, retry?.retryDelay?.nanos], [1n, 251_000_000]);
  const other = errorStatus(new GatewayError("internal", "x", { retryAfterMs: 5 }), context);
  assert.equal(trailer(other, "grpc-retry-pushback-ms"), undefined);
  assert.equal(details(other).retry, undefined);
});

test("details stay within 4 KiB and text within 1 KiB, whatever the violations", () => {
  for (const [count, path] of [
    [1, "東".repeat(3000)],
    [20, "x".repeat(600)],
    [1000, "application[3].annual_income"],
    [1000, "\u{1f600}".repeat(200)],
  ] as const) {
    const error = new GatewayError("invalid_input", "No.", { violations: violations(count, path, path) });
    const status = errorStatus(error, { ...context, maxViolations: 100_000 });
    const { size, badRequest, info } = details(status);
    assert.ok(size <= 4096, String(size));
    assert.ok(Buffer.byteLength(status.details) <= 1024);
    assert.ok(status.details.isWellFormed());
    const listed = badRequest?.fieldViolations.length ?? 0;
    assert.ok(listed > 0);
    assert.equal(info?.metadata["violations_total"], listed < count ? String(count) : undefined);
  }
});

test("the number of violations follows the limits", () => {
  const error = new GatewayError("invalid_input", "No.", { violations: violations(30, "a") });
  const { badRequest, info } = details(errorStatus(error, context));
  assert.equal(badRequest?.fieldViolations.length, 20);
  assert.equal(info?.metadata["violations_total"], "30");
});

test("half a surrogate pair in a column's name does not stop the answer", () => {
  const error = new GatewayError("invalid_input", "No.", { violations: violations(1, "\ud800") });
  const status = errorStatus(error, context);
  assert.equal(encodeURI(status.details), "No.%20%EF%BF%BD%5B0%5D:%20Must%20be%20text.");
});
