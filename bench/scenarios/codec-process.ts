/**
 * The process that measures how much processor time it takes to read a request and write its reply. The gateway and
 * somebody else take turns, so that a noisy moment hits both.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  completeReaderCodec,
  gatewayCodec,
  libxml2Codec,
  soapPackageCodec,
  type Codec,
} from "./codec-contenders.js";
import type { CodecPeer } from "./codec-peers.js";
import { codecMessages, type CodecMessages } from "./codec-messages.js";

export interface CodecTask {
  readonly peer: CodecPeer;
  /** Of the repository. */
  readonly root: string;
  readonly rows: number;
  readonly durationMs: number;
  /** For the peer lxml one that has it. */
  readonly python: string;
}

export interface CodecResult {
  /** Bytes of the request. */
  readonly bytes: number;
  /** Microseconds of processor time for one request and its reply, by turn. */
  readonly gateway: readonly number[];
  readonly peer: readonly number[];
}

interface Contender {
  /** Works for so many milliseconds. @returns microseconds of processor time for each time that the work was done */
  turn(ms: number): Promise<number>;
  close(): Promise<void>;
}

const TURN_MS = 50;
/** Turns before the first that counts: compilers count calls. */
const WARM_UP_TURNS = 10;
const FEWEST_TURNS = 5;

async function measureCodecs(task: CodecTask): Promise<CodecResult> {
  const messages = await codecMessages(task.root, task.python, task.rows);
  const gateway = inProcess(await gatewayCodec(messages));
  const peer = await startPeer(task, messages);
  const result = { bytes: messages.request.length, gateway: [] as number[], peer: [] as number[] };
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) {
    await gateway.turn(TURN_MS);
    await peer.turn(TURN_MS);
  }
  const until = performance.now() + task.durationMs;
  while (performance.now() < until || result.peer.length < FEWEST_TURNS) {
    result.gateway.push(await gateway.turn(TURN_MS));
    result.peer.push(await peer.turn(TURN_MS));
  }
  await peer.close();
  return result;
}

async function startPeer({ peer, root, python }: CodecTask, messages: CodecMessages): Promise<Contender> {
  switch (peer) {
    case "complete-reader":
      return inProcess(await completeReaderCodec(messages));
    case "soap-package":
      return inProcess(await soapPackageCodec(messages));
    case "libxml2-wasm":
      return inProcess(libxml2Codec(messages));
    case "lxml":
      return inPython(python, join(root, "bench", "peers", "lxml_validation.py"), messages);
  }
}

function inProcess(codec: Codec): Contender {
  return {
    turn(ms) {
      const until = performance.now() + ms;
      const before = process.cpuUsage();
      let count = 0;
      while (performance.now() < until || count === 0) {
        codec();
        count += 1;
      }
      // Threads of the collector and the compilers are the work's own.
      const { user, system } = process.cpuUsage(before);
      return Promise.resolve((user + system) / count);
    },
    close: () => Promise.resolve(),
  };
}

function inPython(python: string, program: string, { schema, payload }: CodecMessages): Contender {
  const folder = mkdtempSync(join(tmpdir(), "artifact-gateway-codec-"));
  const [schemaFile, documentFile] = [join(folder, "schema.xsd"), join(folder, "document.xml")];
  writeFileSync(schemaFile, schema);
  writeFileSync(documentFile, payload);
  const child = spawn(python, ["-B", program, schemaFile, documentFile], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const ended = exited.then(() => {
    throw new Error("lxml ended by itself.");
  });
  ended.catch(() => undefined);
  const lines = createInterface(child.stdout);
  return {
    async turn(ms) {
      const answer = once(lines, "line") as Promise<[string]>;
      child.stdin.write(`${ms / 1000}\n`);
      const [line] = await Promise.race([answer, ended]);
      const [count = NaN, seconds = NaN] = line.split(" ").map(Number);
      return (seconds * 1e6) / count;
    },
    async close() {
      child.stdin.end();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

process.once("message", (task: CodecTask) => {
  void measureCodecs(task).then((result) => process.send?.(result, () => process.disconnect()));
});
