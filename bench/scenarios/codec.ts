/** `codec/rows<n>/<peer>`: processor time of reading a SOAP request and writing its reply, without network or Python. */
import { SERVERS } from "../servers.js";
import { median } from "../statistics.js";
import type { Workbench } from "../workbench.js";
import { CODEC_PEERS, type CodecPeer } from "./codec-peers.js";
import type { CodecResult, CodecTask } from "./codec-process.js";
import { runInProcess } from "./run-in-process.js";
import { workloadNamed, type Finding, type Scenario } from "./scenario.js";

const PROCESS = new URL("./codec-process.js", import.meta.url);
const ROWS = [1, 10, 100, 500] as const;

export const CODEC: readonly Scenario[] = ROWS.flatMap((rows) =>
  CODEC_PEERS.map((peer) => ({
    name: `codec/rows${rows}/${peer}`,
    kind: "codec" as const,
    run: (bench: Workbench) => measureCodec(bench, rows, peer),
  })),
);

async function measureCodec(bench: Workbench, rows: number, peer: CodecPeer): Promise<Finding> {
  const { root, options, cores } = bench;
  const task: CodecTask = {
    peer,
    rows,
    root,
    durationMs: options.seconds * options.rounds * 1000,
    python: peer === "lxml" ? await pythonWithLxml(bench) : options.python,
  };
  const { bytes, gateway, peer: other } = await runInProcess<CodecResult>(PROCESS, cores?.servers, task);
  return {
    figures: {
      bytes,
      turns: gateway.length,
      "gateway min µs": Math.min(...gateway),
      "gateway p50 µs": median(gateway),
      "other min µs": Math.min(...other),
      "other p50 µs": median(other),
      "min / gateway": Math.min(...other) / Math.min(...gateway),
      "p50 / gateway": median(other) / median(gateway),
    },
    failures: 0,
  };
}

/** That of the peer which validates with it. @throws Error when its libraries cannot be had */
async function pythonWithLxml(bench: Workbench): Promise<string> {
  const spyne = SERVERS.filter(({ name }) => name === "spyne");
  const one = await bench.prepare(workloadNamed("trivial"), spyne);
  if ("reason" in one) throw new Error(one.reason);
  return one.python;
}
