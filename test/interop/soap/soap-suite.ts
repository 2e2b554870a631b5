/** A foreign SOAP client in one version of SOAP, and the frame of its tests. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import type { Json, JsonObject } from "../../support/json-of-type.js";
import type { ClientProgram, SoapCall, SoapOutcome } from "./client-program.js";
import { judgeExchanges } from "./judge-exchanges.js";
import { serveSoap, type ServedSoap, type SoapArtifacts } from "./served-soap.js";
import type { View } from "./tagged-values.js";

export interface SoapClient {
  readonly name: string;
  readonly version: SoapVersion;
  /** Why it is not there, or false. */
  readonly skip: string | false;
  readonly view: View;
  /** Values that the client itself writes or reads wrongly, by the name of their case. */
  readonly own: ReadonlyMap<string, OwnMistake>;
  readonly faults: FaultView;
  /** Starts its program; a stack that generates code takes the WSDLs that are served. */
  start(served: ServedSoap, settings?: object): Promise<ClientProgram>;
}

/** How a client hands out faults. */
export interface FaultView {
  /** The exception for a fault with the detail that the WSDL declares, as programs report it. */
  readonly declared: string;
  /** The exception for any other fault. */
  readonly other: string;
  /** The member `row` of the detail. */
  rowOf(row: number): Json;
  /** HTTP statuses under which it does not read the fault, and tells the status instead. */
  readonly unread: readonly number[];
  /** What it makes of an endpoint of the other version of SOAP, which answers 415 in that version. */
  readonly otherVersion: RegExp;
}

/** A mistake of a client, which must not become a wrong value in the artifact. */
export interface OwnMistake {
  readonly reason: string;
  /** `refused`: what it sends is not of the type and is refused; otherwise the row that it hands out. */
  readonly sees: "refused" | JsonObject;
}

/** A client and what it calls, while the tests of one suite run. */
export interface Running {
  readonly served: ServedSoap;
  call(alias: string, operation: string, request: Json, special?: Partial<SoapCall>): Promise<SoapOutcome>;
}

/** Registers a suite of tests that has a client and a gateway of its own. */
export function describeClient(
  what: string,
  client: SoapClient,
  artifacts: () => SoapArtifacts,
  tests: (running: () => Running) => void,
  settings: object = {},
): void {
  const { name, version, skip } = client;
  describe(`${name}, SOAP ${version}: ${what}`, { skip }, () => {
    let served: ServedSoap | undefined;
    let program: ClientProgram | undefined;
    before(async () => {
      served = await serveSoap(artifacts());
      program = await client.start(served, settings);
    });
    after(async () => {
      try {
        await program?.close();
      } finally {
        await served?.stop();
      }
    });
    tests(() => {
      assert.ok(served !== undefined && program !== undefined);
      const [gateway, ready] = [served, program];
      return {
        served: gateway,
        call: (alias, operation, request, special = {}) =>
          ready.call({ ...gateway.find(alias, version), operation, request, ...special }),
      };
    });

    test("every message on the wire keeps the rules", () => {
      assert.ok(served !== undefined);
      judgeExchanges(served.exchanges());
    });
  });
}
