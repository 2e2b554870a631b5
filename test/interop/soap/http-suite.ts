/** How clients use HTTP beyond a request and its reply: connections that stay, chunks, packed bodies, large messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readTools } from "../tools.js";
import type { HttpMessage } from "./http-exchanges.js";
import { valueArtifacts } from "./served-soap.js";
import { describeClient, type Running, type SoapClient } from "./soap-suite.js";

/** Words of one text, so that a request has some 100 KB. No two are alike: what packs too well is refused. */
const WORDS = 15_000;

/** What a client is told to do, and what its requests then have. */
export interface HttpHabit {
  readonly settings: object;
  readonly request: Readonly<Record<string, string>>;
  readonly reply: Readonly<Record<string, string>>;
}

/** Registers a suite for each habit of one client. */
export function testHttp(client: SoapClient, habits: Readonly<Record<string, HttpHabit>>): void {
  for (const [name, { settings, request, reply }] of Object.entries(habits)) {
    const tests = (running: () => Running): void => {
      test("large messages, one after another on one connection", async () => {
        for (const letter of ["a", "é", "<"]) {
          const textField = Array.from({ length: WORDS }, (_, index) => `${letter}${index}`).join(" ");
          const { result } = await running().call("every_value", "Evaluate", {
            rows: { row: [{ textField }] },
          });
          assert.deepEqual(result, { row: [{ textField, seen: `text='${textField}'` }] });
        }
        const posted = running()
          .served.exchanges()
          .filter((exchange) => exchange.request.startLine.startsWith("POST "));
        assert.equal(posted.length, 3);
        assert.equal(new Set(posted.map(({ connection }) => connection)).size, 1);
        for (const exchange of posted) {
          assertHeaders(exchange.request, request);
          assertHeaders(exchange.reply, reply);
        }
      });
    };
    describeClient(name, client, () => valueArtifacts(readTools().modelPython), tests, settings);
  }
}

function assertHeaders({ headers }: HttpMessage, wanted: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(wanted)) assert.equal(headers.get(name), value, name);
}
