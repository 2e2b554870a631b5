/** An example artifact served by the real gateway on free ports, for as long as a test takes. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { loadConfig, type Flags } from "../../src/config.js";
import type { Service } from "../../src/contract/model.js";
import { defer, type Deferred } from "../../src/deferred.js";
import { contractAll } from "../../src/contracted.js";
import { startGateway, type Gateway } from "../../src/gateway.js";
import type { CallRecord, Observer, TlsEvent } from "../../src/observe.js";

export interface ServedExample {
  readonly gateway: Gateway;
  readonly service: Service;
  /** `http://127.0.0.1:port`. */
  readonly base: string;
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly management: string;
  readonly calls: CallRecord[];
  readonly tlsEvents: TlsEvent[];
  /** Resolves once the artifact has printed this line. */
  readonly said: (line: string) => Promise<void>;
}

/** A folder of the repository, seen from the compiled tests. */
export function repository(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Starts it and waits until it is ready; the caller stops it with `gateway.stop()`. */
export async function serveExample(artifact: string, flags: Flags = {}): Promise<ServedExample> {
  const calls: CallRecord[] = [];
  const tlsEvents: TlsEvent[] = [];
  const lines = new Map<string, Deferred<undefined>>();
  const lineOf = (line: string): Deferred<undefined> => {
    const heard = lines.get(line) ?? defer<undefined>();
    lines.set(line, heard);
    return heard;
  };
  const observer: Observer = {
    callFinished: (record) => void calls.push(record),
    tls: (event) => void tlsEvents.push(event),
    defect: ({ error }) => assert.fail(String(error)),
    startMethodChosen: () => undefined,
    processStarted: () => undefined,
    processReady: () => undefined,
    processEnded: () => undefined,
    artifactOutput: ({ line }) => lineOf(line).resolve(undefined),
  };
  const config = loadConfig({
    host: "127.0.0.1",
    port: "0",
    managementPort: "0",
    processes: "2",
    spareProcesses: "0",
    // Tests leave idle connections behind, and need not wait for them at the end.
    drainIdleMs: "0",
    ...flags,
  });
  const opened = await openArtifact(artifact);
  const gateway = await startGateway(contractAll([await readArtifact(opened)], [], false), config, observer);
  await gateway.started;
  const [served] = gateway.served;
  if (served === undefined) throw new Error("nothing is served");
  const { application, management } = gateway.addresses;
  return {
    gateway,
    service: served.service,
    base: `http://${application}`,
    address: application,
    management: `http://${management}`,
    calls,
    tlsEvents,
    said: (line) => lineOf(line).promise,
  };
}
