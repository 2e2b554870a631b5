/** Every error that a real gateway can be made to give, as the client's library for rich errors hands it out. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../support/json-of-type.js";
import type { ServedCommand } from "../serve-command.js";
import { date, decimal, long } from "../soap/tagged-values.js";
import type { Detail, GrpcOutcome, SeenStatus } from "./client-program.js";
import type { Running } from "./grpc-client.js";
import { clearText, methodOf, openMeeting, serveFixtures, type GrpcFixture } from "./served-grpc.js";

const MAX_MESSAGE_BYTES = 65_536;

/** Numbers of the status codes (grpc.io, "Status codes"). */
const CODES = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

interface Wanted {
  readonly status: keyof typeof CODES;
  readonly reason: string;
  readonly started: boolean;
  /** Fields of `BadRequest`. */
  readonly fields?: readonly string[];
  readonly retry?: boolean;
}

const invalid = (...fields: string[]): Wanted => ({
  status: "INVALID_ARGUMENT",
  reason: "INVALID_INPUT",
  started: false,
  fields,
});

interface Refused {
  readonly name: string;
  readonly fixture: GrpcFixture;
  readonly request: JsonObject;
  readonly wanted: Wanted;
}

const inRow = (name: string, field: string, row: JsonObject): Refused => ({
  name,
  fixture: "every_value",
  request: { rows: [{ text: "good" }, row] },
  wanted: invalid(`rows[1].${field}`),
});

const GOOD_SINGLE: JsonObject = { text: "x", whole: long("1"), day: date("2024-02-29") };

const inSingle = (name: string, field: string, wrong: JsonObject): Refused => ({
  name,
  fixture: "single_row",
  request: { rows: [{ ...GOOD_SINGLE, ...wrong }] },
  wanted: invalid(`rows[0].${field}`),
});

/** What the caller has to mend. None of the wrong values may come back, and none of them has a word of our texts in it. */
const REFUSED: readonly Refused[] = [
  inRow("a decimal in words", "amount", { amount: decimal("twelve") }),
  inRow("a decimal with too many digits", "amount", { amount: decimal("1.98765") }),
  inRow("a decimal that is empty", "amount", { amount: decimal("") }),
  inRow("a decimal in another script", "exact", { exact: decimal("١٢") }),
  inRow("a date without a day", "day", { day: { year: long("1987"), month: long("6") } }),
  inRow("a day that is none", "day", { day: { year: long("1987"), month: long("2"), day: long("29") } }),
  inRow("a moment beyond the year 9999", "moment", { moment: { seconds: long("253402300800") } }),
  inRow("a moment finer than microseconds", "moment", {
    moment: { seconds: long("0"), nanos: long("1987") },
  }),
  inRow("a moment with negative nanoseconds", "moment", { moment: { nanos: long("-1987") } }),
  inRow("a decimal in a list in a record", "class.type[1]", {
    class: { type: [decimal("0.01"), decimal("twelve")] },
  }),
  inSingle("a text that is too long", "text", { text: "twelve".repeat(11) }),
  inSingle("a text that is not one of the values", "status", { status: "twelve" }),
  {
    name: "a required value that is not set",
    fixture: "single_row",
    request: { rows: [{ whole: long("1987") }] },
    wanted: invalid("rows[0].text"),
  },
  {
    name: "a required argument that is not set",
    fixture: "trouble",
    request: { ballast: "twelve" },
    wanted: invalid("what"),
  },
  {
    name: "two values at once",
    fixture: "every_value",
    request: { rows: [{ amount: decimal("twelve"), day: { year: long("1987") } }] },
    wanted: invalid("rows[0].amount", "rows[0].day"),
  },
  {
    name: "a request that is too large",
    fixture: "trouble",
    request: { what: "answer", ballast: "twelve".repeat(MAX_MESSAGE_BYTES / 6) },
    wanted: { status: "RESOURCE_EXHAUSTED", reason: "TOO_LARGE", started: false },
  },
];

const internal = (reason: string): Wanted => ({ status: "INTERNAL", reason, started: true });

/** What the artifact does wrong. */
const FAILED: Readonly<Record<string, Wanted>> = {
  fail: internal("ARTIFACT_ERROR"),
  mistake: internal("OUTPUT_INVALID"),
  die: internal("WORKER_LOST"),
};

const OVERLOADED: Wanted = { status: "UNAVAILABLE", reason: "OVERLOADED", started: false, retry: true };
const SECRET = /twelve|1987|secret|Traceback|python_dict|\/tmp|forty-two|١/;

/** Registers them for one client. */
export function testErrors(running: () => Running): void {
  describe("errors", () => {
    let served: ServedCommand;
    let folder: string;
    before(async () => {
      // What is wrecked here must not be wrecked elsewhere.
      folder = mkdtempSync(join(running().folder, "errors-"));
      served = await serveFixtures(["every_value", "single_row", "trouble"], folder, {
        ARTIFACT_GATEWAY_MAX_QUEUED: "0",
        ARTIFACT_GATEWAY_MAX_MESSAGE_BYTES: String(MAX_MESSAGE_BYTES),
        // A process that is forked would not import the artifact again.
        ARTIFACT_GATEWAY_START_METHOD: "import",
      });
    });
    after(() => served.stop());

    const call = (method: string, ...requests: JsonObject[]): Promise<GrpcOutcome> =>
      running().call({ channel: clearText(served), method, requests });
    const trouble = (what: string): Promise<GrpcOutcome> => call(methodOf("trouble"), { what });
    /** The first answer that does not say that the only process is still being replaced. */
    const whenReady = async (): Promise<GrpcOutcome> => {
      for (let tries = 0; tries < 10_000; tries += 1) {
        const outcome = await trouble("answer");
        if (reasonOf(outcome.status) !== "OVERLOADED") return outcome;
      }
      return assert.fail("its process is never replaced");
    };

    for (const { name, fixture, request, wanted } of REFUSED) {
      test(`${name}, alone and in a stream`, async () => {
        const alone = await call(methodOf(fixture), request);
        assert.deepEqual(alone.answers, []);
        assertStatus(alone.status, wanted, fixture);
        const good = fixture === "trouble" ? { what: "answer" } : { rows: [GOOD_SINGLE] };
        const items = [good, request, good].map((item, index) => ({ id: String(index), request: item }));
        const { answers, status } = await call(methodOf(fixture, "EvaluateStream"), ...items);
        // What is too large for a message ends the stream itself. What is wrong with an item leaves the others answered.
        if (wanted.status === "RESOURCE_EXHAUSTED") {
          assertStatus(status, wanted, fixture);
          return;
        }
        assert.deepEqual(status, {});
        assert.equal(answers.length, 3);
        const [first, second, third] = answers as readonly { readonly error?: SeenStatus }[];
        assert.ok(first !== undefined && third !== undefined && !("error" in first) && !("error" in third));
        assertStatus(second?.error ?? {}, wanted, fixture);
      });
    }

    test("a thousand wrong rows: the first of them, and how many there are", async () => {
      const rows = Array.from({ length: 1000 }, () => ({ amount: decimal("twelve") }));
      const { status } = await call(methodOf("every_value"), { rows });
      const fields = fieldsOf(status);
      assert.ok(fields.length > 10 && fields.length <= 100, String(fields.length));
      assertStatus(status, invalid(...fields.map((_, index) => `rows[${index}].amount`)), "every_value");
      assert.ok(Number(metadataOf(status)["violations_total"]) > fields.length);
    });

    test("a method that there is not", async () => {
      const { status } = await call(methodOf("trouble", "Purge"), {});
      assert.equal(status.code, CODES.UNIMPLEMENTED);
    });

    for (const [what, wanted] of Object.entries(FAILED)) {
      test(`${wanted.reason}: ${what}`, async () => {
        assertStatus((await trouble(what)).status, wanted, "trouble");
        assert.deepEqual((await whenReady()).answers, [ANSWER]);
      });
    }

    test("OVERLOADED: while the only process is busy, with the time to wait", async () => {
      await using meeting = await openMeeting(folder);
      const busy = { ended: trouble("wait") };
      const guest = await meeting.guestOf(busy);
      assertStatus((await trouble("answer")).status, OVERLOADED, "trouble");
      guest.release();
      assert.deepEqual((await busy.ended).answers, [ANSWER]);
    });

    test("UNAVAILABLE: when no process of the artifact starts any more", async () => {
      assertStatus((await trouble("wreck")).status, internal("WORKER_LOST"), "trouble");
      const { status } = await whenReady();
      assert.equal(status.code, CODES.UNAVAILABLE);
      assert.equal(reasonOf(status), "UNAVAILABLE");
    });
  });
}

/** What `trouble` answers when nothing is wrong. */
const ANSWER = { result: long("42") };

function assertStatus(status: SeenStatus, wanted: Wanted, fixture: GrpcFixture): void {
  assert.equal(status.code, CODES[wanted.status], JSON.stringify(status));
  assert.ok((status.message ?? "").length > 0);
  assert.doesNotMatch(JSON.stringify(status), SECRET);
  const { request_id, violations_total, ...metadata } = metadataOf(status);
  assert.deepEqual(metadata, { service: methodOf(fixture).split("/")[0], started: String(wanted.started) });
  // That of an item is the stream's with its number.
  assert.match(request_id ?? "", /^[0-9a-f-]{36}(\.\d)?$/);
  assert.ok(violations_total === undefined || /^\d+$/.test(violations_total));
  assert.equal(reasonOf(status), wanted.reason);
  assert.equal(detailOf(status, "ErrorInfo")?.["domain"], "artifact-gateway");
  assert.deepEqual(fieldsOf(status), wanted.fields ?? []);
  const retry = detailOf(status, "RetryInfo");
  assert.equal(retry !== undefined, wanted.retry ?? false, JSON.stringify(status));
  if (retry !== undefined) assert.match(String(retry["retryDelay"]), /^\d+(\.\d+)?s$/);
}

function detailOf({ details = [] }: SeenStatus, name: string): Detail | undefined {
  return details.find((detail) => detail["@type"] === `type.googleapis.com/google.rpc.${name}`);
}

function reasonOf(status: SeenStatus): unknown {
  return detailOf(status, "ErrorInfo")?.["reason"];
}

function metadataOf(status: SeenStatus): Readonly<Record<string, string>> {
  return (detailOf(status, "ErrorInfo")?.["metadata"] ?? {}) as Readonly<Record<string, string>>;
}

function fieldsOf(status: SeenStatus): readonly string[] {
  const found = detailOf(status, "BadRequest")?.["fieldViolations"] ?? [];
  return (found as readonly { readonly field: string }[]).map(({ field }) => field);
}
