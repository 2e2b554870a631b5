/** A foreign gRPC client, how it is made, and the frame of its tests. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import type { ClientProgram, GrpcCall, GrpcOutcome } from "./client-program.js";

export interface GrpcClient {
  readonly name: string;
  /** Why it is not there, or false. */
  readonly skip: string | false;
  /** Makes its stubs and compiles it. @returns starts the program */
  build(): Promise<() => ClientProgram>;
  /** Whether it reads `unix:/path`. */
  readonly unixSockets: boolean;
}

/** A client while the tests of one file run. */
export interface Running {
  readonly program: ClientProgram;
  /** A folder for sockets and certificates. */
  readonly folder: string;
  call(call: GrpcCall): Promise<GrpcOutcome>;
}

/** Registers all suites of one client, which is made once and runs as one process. */
export function describeClient(client: GrpcClient, suites: (running: () => Running) => void): void {
  describe(`${client.name}, gRPC`, { skip: client.skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "grpc-"));
    let program: ClientProgram | undefined;
    before(async () => {
      program = (await client.build())();
    });
    after(async () => {
      rmSync(folder, { recursive: true });
      await program?.close();
    });
    suites(() => {
      assert.ok(program !== undefined);
      const ready = program;
      return { program, folder, call: (call) => ready.start(call).ended };
    });
  });
}
