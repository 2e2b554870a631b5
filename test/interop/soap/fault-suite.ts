/** Every fault that a real gateway can be made to give, as a client's program sees it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { JsonObject } from "../../support/json-of-type.js";
import { readTools } from "../tools.js";
import type { SoapCall, SoapOutcome } from "./client-program.js";
import { fixtureArguments, type SoapArtifacts } from "./served-soap.js";
import { describeClient, type Running, type SoapClient } from "./soap-suite.js";
import { date, dateTime, decimal, long } from "./tagged-values.js";

/** Bytes that a request may have here. */
const MAX_MESSAGE_BYTES = 65_536;
/** Milliseconds that a call may take here. */
const TIMEOUT_MS = 3000;

interface Refused {
  readonly name: string;
  readonly alias: "every_value" | "single_row" | "trouble";
  readonly operation?: "EvaluateOne";
  readonly request: JsonObject;
  readonly special?: Partial<SoapCall>;
  readonly code: string;
  readonly path?: string;
  readonly row?: number;
}

const set = (element: string, text: string): Partial<SoapCall> => ({
  edit: { change: "set", element, text },
});

const GOOD_ROW: JsonObject = {
  textField: "x",
  whole: long("1"),
  amount: decimal("1.5"),
  flag: true,
  moment: dateTime("2024-02-29T12:00:00Z"),
  dayField: date("2024-02-29"),
};
const TWO_ROWS: JsonObject = { rows: { row: [{ textField: "a" }, GOOD_ROW] } };

const inRow = (name: string, column: string, special: Partial<SoapCall>): Refused => ({
  name,
  alias: "every_value",
  request: TWO_ROWS,
  special,
  code: "invalid_input",
  path: column === "" ? "rows[1]" : `rows[1].${column}`,
  row: 1,
});

/** What the caller has to mend. */
const REFUSED: readonly Refused[] = [
  inRow("a number in words", "whole", set("whole", "twelve")),
  inRow("an integer beyond 64 bits", "whole", set("whole", "9223372036854775808")),
  inRow("a fraction in an integer", "whole", set("whole", "1.0")),
  inRow("more digits than the type has", "amount", set("amount", "1.23456")),
  inRow("a boolean of another language", "flag", set("flag", "TRUE")),
  inRow("a date with a zone", "day", set("dayField", "2024-02-29Z")),
  inRow("a day that is none", "day", set("dayField", "2023-02-29")),
  inRow("a moment with more than microseconds", "moment", set("moment", "2024-02-29T12:00:00.1234567Z")),
  inRow("an element that is not in the WSDL", "", {
    edit: { change: "rename", element: "amount", to: "shoeSize" },
  }),
  inRow("an element twice", "amount", { edit: { change: "repeat", element: "amount" } }),
  {
    name: "a required element that is missing",
    alias: "single_row",
    operation: "EvaluateOne",
    request: { rows: GOOD_ROW },
    special: { edit: { change: "remove", element: "textField" } },
    code: "invalid_input",
    path: "rows.text",
  },
  {
    name: "a text that is too long",
    alias: "single_row",
    operation: "EvaluateOne",
    request: { rows: GOOD_ROW },
    special: set("textField", "x".repeat(65)),
    code: "invalid_input",
    path: "rows.text",
  },
  {
    name: "a text that is not one of the values",
    alias: "single_row",
    operation: "EvaluateOne",
    request: { rows: { ...GOOD_ROW, statusField: "NEW" } },
    special: set("statusField", "new"),
    code: "invalid_input",
    path: "rows.status",
  },
  {
    name: "an operation that there is not",
    alias: "trouble",
    request: { what: "answer" },
    special: { edit: { change: "rename", element: "Evaluate", to: "Purge" } },
    code: "not_found",
  },
  {
    name: "an action that is not that of the body",
    alias: "trouble",
    request: { what: "answer" },
    special: { action: "urn:artifact-gateway:trouble:v1:Purge" },
    code: "invalid_input",
  },
  {
    name: "a request that is too large",
    alias: "trouble",
    request: { what: "answer", ballast: "x".repeat(MAX_MESSAGE_BYTES) },
    code: "too_large",
  },
];

/** What the artifact does wrong. */
const FAILED: readonly (readonly [what: string, code: string])[] = [
  ["fail", "artifact_error"],
  ["mistake", "output_invalid"],
  ["die", "worker_lost"],
];

/** Codes whose faults put the blame on the caller. */
const CALLERS: ReadonlySet<string> = new Set(["invalid_input", "not_found", "too_large"]);

/** Where HTTP has a word of its own for a fault. */
const STATUSES: ReadonlyMap<string, number> = new Map([["too_large", 413]]);

/** Registers the tests of faults for one client. */
export function testFaults(client: SoapClient): void {
  const folder = mkdtempSync(join(tmpdir(), "soap-faults-"));
  after(() => rmSync(folder, { recursive: true }));
  const blame = (code: string): string => FAULT_CODES[client.version][CALLERS.has(code) ? 0 : 1];

  const assertFault = (outcome: SoapOutcome, code: string, path?: string, row?: number): void => {
    const status = STATUSES.get(code);
    if (status !== undefined && client.faults.unread.includes(status)) {
      assert.match(outcome.failure ?? "", new RegExp(`\\b${status}\\b`), JSON.stringify(outcome));
      return;
    }
    const { fault } = outcome;
    assert.ok(fault !== undefined, JSON.stringify(outcome));
    assert.equal(fault.exception, client.faults.declared);
    if (fault.code !== null) assert.equal(fault.code, blame(code));
    const { requestId, message, ...place } = fault.detail ?? {};
    assert.deepEqual(place, {
      code,
      ...(path === undefined ? {} : { path }),
      ...(row === undefined ? {} : { row: client.faults.rowOf(row) }),
    });
    assert.ok(typeof requestId === "string");
    assert.match(requestId, /^[0-9a-f-]{36}$/);
    assert.equal(message, fault.reason);
    assert.doesNotMatch(fault.reason, /secret|Traceback|python_dict|\/tmp|twelve|forty-two/);
  };

  describeClient(
    "faults",
    client,
    () => troubleArtifacts(folder),
    (running) => {
      for (const { name, alias, operation = "Evaluate", request, special, code, path, row } of REFUSED) {
        test(`${name} is ${code}`, async () => {
          assertFault(await running().call(alias, operation, request, special), code, path, row);
        });
      }

      test("a header that must be understood, and is not", async () => {
        const edit = { change: "header", namespace: "urn:nobody" } as const;
        const { fault } = await running().call("trouble", "Evaluate", { what: "answer" }, { edit });
        assert.equal(fault?.code, "MustUnderstand");
        assert.equal(fault.exception, client.faults.other);
      });

      test("an envelope of the other version of SOAP", async () => {
        const other = client.version === "1.1" ? "1.2" : "1.1";
        const address = running().served.find("trouble", other).wsdl.replace("?wsdl", "");
        const outcome = await running().call("trouble", "Evaluate", { what: "answer" }, { address });
        assert.match(JSON.stringify(outcome), client.faults.otherVersion);
      });

      for (const [what, code] of FAILED) {
        test(`${code}: ${what}`, async () => {
          assertFault(await running().call("trouble", "Evaluate", { what }), code);
          assert.deepEqual(await whenReady(running()), { result: ANSWER });
        });
      }

      test("deadline_exceeded: while main() runs", async () => {
        await using meeting = await openMeeting(folder);
        assertFault(await running().call("trouble", "Evaluate", { what: "wait" }), "deadline_exceeded");
        await meeting.guest;
        assert.deepEqual(await whenReady(running()), { result: ANSWER });
      });

      test("overloaded: while the only process is busy", async () => {
        await using meeting = await openMeeting(folder);
        const busy = occupy(running());
        const guest = await meeting.guest;
        assertFault(await running().call("trouble", "Evaluate", { what: "answer" }), "overloaded");
        guest.end("x");
        assert.equal((await busy).status, 200);
      });

      test("unavailable: when no process of the artifact starts any more", async () => {
        assertFault(await running().call("trouble", "Evaluate", { what: "wreck" }), "worker_lost");
        assertFault(await whenReady(running()), "unavailable");
      });
    },
  );
}

/** Who is to blame, in the words of each version: the caller, or not. */
const FAULT_CODES = { "1.1": ["Client", "Server"], "1.2": ["Sender", "Receiver"] } as const;

/** What `trouble` answers when nothing is wrong. */
const ANSWER = long("42");

function troubleArtifacts(folder: string): SoapArtifacts {
  const aliases = ["every_value", "single_row", "trouble"];
  return {
    aliases,
    args: [...fixtureArguments(aliases), "--spare-processes", "0", "--python", readTools().modelPython],
    environment: {
      TROUBLE_FOLDER: folder,
      ARTIFACT_GATEWAY_MAX_QUEUED: "0",
      ARTIFACT_GATEWAY_MAX_MESSAGE_BYTES: String(MAX_MESSAGE_BYTES),
      ARTIFACT_GATEWAY_DEFAULT_TIMEOUT_MS: String(TIMEOUT_MS),
      // A process that is forked would not import the artifact again.
      ARTIFACT_GATEWAY_START_METHOD: "import",
    },
  };
}

/** The first answer that does not say that the only process is still being replaced. */
async function whenReady(running: Running): Promise<SoapOutcome> {
  for (let tries = 0; tries < 10_000; tries += 1) {
    const outcome = await running.call("trouble", "Evaluate", { what: "answer" });
    if (outcome.fault?.detail?.["code"] !== "overloaded") return outcome;
  }
  return assert.fail("its process is never replaced");
}

interface Meeting extends AsyncDisposable {
  /** The call of `wait` that has come. */
  readonly guest: Promise<Socket>;
}

/** Where the artifact's `wait` comes to, and waits. */
async function openMeeting(folder: string): Promise<Meeting> {
  const guests = new Set<Socket>();
  const server: Server = createServer((guest) => void guests.add(guest));
  const guest = (once(server, "connection") as Promise<[Socket]>).then(([socket]) => socket);
  server.listen(join(folder, "meeting"));
  await once(server, "listening");
  return {
    guest,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of guests) socket.destroy();
      await once(server, "close");
    },
  };
}

/** A call from elsewhere that keeps the only process busy until it is told to go on. */
function occupy({ served }: Running): Promise<Response> {
  const { wsdl, namespace } = served.find("trouble", "1.1");
  return fetch(wsdl.replace("?wsdl", ""), {
    method: "POST",
    headers: { "Content-Type": "text/xml; charset=utf-8" },
    body:
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
      `<Evaluate xmlns="${namespace}"><what>wait</what></Evaluate></e:Body></e:Envelope>`,
  });
}
