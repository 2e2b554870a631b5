/** The details of a status, which are written by hand, against what the descriptors of Google's protos make of the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { badRequest, errorInfo, retryInfo, writeStatus } from "../../src/grpc/rich-status.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";

/** Well-formed, because protobuf carries nothing else; lengths on both sides of where a varint grows. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "binary-ascii", minLength: 120, maxLength: 140 }),
  fc.constantFrom("", "ö", "東", "\u{1f600}", "x".repeat(127), "x".repeat(128), "\u07ff".repeat(8192), "\0"),
);

const violations = fc.array(fc.record({ field: text, description: text }), { maxLength: 5 });

/** Each key once, and none that a JavaScript object would move or take for its own. */
const metadata = fc.uniqueArray(fc.tuple(text, text), {
  selector: ([key]) => key,
  maxLength: 5,
});
const sortable = metadata.filter((pairs) =>
  pairs.every(([key]) => key !== "__proto__" && !/^(0|[1-9]\d*)$/.test(key)),
);

test("a status and its details are the bytes that the descriptors make of them", () => {
  const info = fc.record({ reason: text, domain: text, metadata: sortable });
  const retryAfterMs = fc.oneof(fc.nat(120_000), fc.constantFrom(0, 1, 999, 1000, 1001, 60_000));
  const status = fc.record({ code: fc.integer({ min: 1, max: 16 }), message: text });
  fc.assert(
    fc.property(status, info, violations, retryAfterMs, ({ code, message }, reason, fieldViolations, ms) => {
      const written = writeStatus(code, message, [
        errorInfo(reason),
        badRequest(fieldViolations),
        retryInfo(ms),
      ]);
      const retryDelay = create(DurationSchema, {
        seconds: BigInt(Math.floor(ms / 1000)),
        nanos: (ms % 1000) * 1_000_000,
      });
      const details = [
        anyPack(
          ErrorInfoSchema,
          create(ErrorInfoSchema, { ...reason, metadata: Object.fromEntries(reason.metadata) }),
        ),
        anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })),
        anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })),
      ];
      const expected = toBinary(StatusSchema, create(StatusSchema, { code, message, details }));
      assert.deepEqual(written, Buffer.from(expected));
    }),
    { seed: 6, numRuns: 500 },
  );
});

test("a status without details is its code and its message", () => {
  assert.equal(
    writeStatus(14, "Busy.", []).toString("hex"),
    `080e1205${Buffer.from("Busy.").toString("hex")}`,
  );
});

test("half a surrogate pair becomes the replacement character, so that there is an answer", () => {
  assert.deepEqual(writeStatus(3, "\ud800", []), writeStatus(3, "\ufffd", []));
});
