/** Several artifacts in one real gateway, and a client of its gRPC port. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Client, credentials } from "@grpc/grpc-js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { loadConfig, type Flags } from "../../src/config.js";
import { contractAll } from "../../src/contracted.js";
import { startGateway, type Gateway } from "../../src/gateway.js";
import type { CallRecord } from "../../src/observe.js";
import type { Served } from "../../src/serve-artifact.js";
import { SILENT } from "../support/pool-harness.js";

export interface ServedArtifacts {
  readonly gateway: Gateway;
  readonly address: string;
  readonly client: Client;
  readonly calls: CallRecord[];
  /** By the alias of its artifact. */
  readonly served: (alias: string) => Served;
}

/**
 * @param folders of the artifacts
 * @param when at once: the processes need not have loaded them
 */
export async function serveArtifacts(
  t: TestContext,
  folders: readonly string[],
  flags: Flags = {},
  when: "started" | "at once" = "started",
): Promise<ServedArtifacts> {
  const calls: CallRecord[] = [];
  const artifacts = await Promise.all(
    folders.map(async (folder) => readArtifact(await openArtifact(folder))),
  );
  const config = loadConfig({
    host: "127.0.0.1",
    port: "0",
    managementPort: "0",
    processes: "1",
    spareProcesses: "0",
    drainIdleMs: "0",
    ...flags,
  });
  const gateway = await startGateway(contractAll(artifacts, [], false), config, {
    ...SILENT,
    defect: ({ error }) => assert.fail(String(error)),
    callFinished: (record) => void calls.push(record),
  });
  t.after(() => gateway.stop());
  if (when === "started") await gateway.started;
  const address = gateway.addresses.application;
  const client = new Client(address, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  t.after(() => client.close());
  return {
    gateway,
    address,
    client,
    calls,
    served: (alias) =>
      gateway.served.find(({ service }) => service.alias === alias) ?? assert.fail(`${alias} is not served`),
  };
}
