/** `recovery/<artifact>/<end>/spare<n>`: how soon the gateway answers again when all of its processes are lost at once. */
import { Client, credentials, status, type ServiceError } from "@grpc/grpc-js";
import { grpcCall } from "../calls/grpc-call.js";
import type { Options } from "../options.js";
import type { PreparedWorkload } from "../prepare-workload.js";
import { percentile } from "../statistics.js";
import type { Workbench } from "../workbench.js";
import type { Workload } from "../workloads.js";
import { withScore } from "../with-score.js";
import { gatewayKind, prepared, type Finding, type Scenario } from "./scenario.js";

const FRAGILE: readonly Workload[] = [
  fragile("fragile", "main() of pure Python that dies or hangs when it is told to", false),
  fragile("fragile-sklearn", "the same with a model of scikit-learn", true),
];

/** How the process of a call is lost, the score that does it, and what its caller is told. */
const ENDS = {
  kill: { score: 0, deadlineMs: 10_000, code: status.INTERNAL },
  overrun: { score: 1, deadlineMs: 100, code: status.DEADLINE_EXCEEDED },
} as const;

const SPARES = [0, 1] as const;
const REPETITIONS = 100;
const QUICK_REPETITIONS = 10;
/** No repetition begins later than this: a gateway that imports its libraries anew takes seconds for each. */
const BUDGET_MS = 120_000;
/** Calls that wait behind the deadly ones; none of them may fail. */
const BYSTANDERS = 8;
const BYSTANDER_DEADLINE_MS = 10_000;

export const RECOVERY: readonly Scenario[] = FRAGILE.flatMap((workload) =>
  (["kill", "overrun"] as const).flatMap((end) =>
    SPARES.map((spareProcesses) => ({
      name: `recovery/${workload.name}/${end}/spare${spareProcesses}`,
      kind: "recovery" as const,
      run: async (bench: Workbench) => {
        const one = await prepared(bench, workload);
        const server = await bench.start(gatewayKind(), one, { spareProcesses });
        const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
        try {
          return await measureRecovery(client, one, end, bench.options);
        } finally {
          client.close();
          await bench.stop(server);
        }
      },
    })),
  ),
);

async function measureRecovery(
  client: Client,
  { service, inputs }: PreparedWorkload,
  end: keyof typeof ENDS,
  { processes, quick }: Options,
): Promise<Finding> {
  const { score, deadlineMs, code } = ENDS[end];
  const { path, payload: usual } = grpcCall(service, inputs).request;
  const deadly = grpcCall(service, withScore(inputs, score)).request.payload;
  const call = (payload: Uint8Array, ms: number): Promise<status> => callOnce(client, path, payload, ms);
  const waits: number[] = [];
  let failures = (await call(usual, BYSTANDER_DEADLINE_MS)) === status.OK ? 0 : 1;
  const until = performance.now() + BUDGET_MS;
  const most = quick ? QUICK_REPETITIONS : REPETITIONS;
  while (waits.length < most && performance.now() < until) {
    const began = performance.now();
    // One for each process: whoever answers next is a new one.
    const lost = Array.from({ length: processes }, () => call(deadly, deadlineMs));
    const others = Array.from({ length: BYSTANDERS }, async () => {
      const ended = await call(usual, BYSTANDER_DEADLINE_MS);
      return { ended, at: performance.now() };
    });
    const answers = await Promise.all(others);
    failures += (await Promise.all(lost)).filter((ended) => ended !== code).length;
    const good = answers.filter(({ ended }) => ended === status.OK);
    failures += BYSTANDERS - good.length;
    const from = end === "overrun" ? began + deadlineMs : began;
    // Nobody answered in time: that counts as the deadline of those who waited.
    waits.push(Math.min(BYSTANDER_DEADLINE_MS, ...good.map(({ at }) => at - from)));
  }
  const samples = [Float64Array.from(waits)];
  return {
    figures: {
      repetitions: waits.length,
      "p50 ms": percentile(samples, 50),
      "p99 ms": percentile(samples, 99),
      "max ms": percentile(samples, 100),
    },
    failures,
  };
}

/** The gRPC code that the call ends with. */
function callOnce(client: Client, path: string, payload: Uint8Array, timeoutMs: number): Promise<status> {
  const same = (bytes: Buffer): Buffer => bytes;
  const deadline = Date.now() + timeoutMs;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      same,
      same,
      Buffer.from(payload),
      { deadline },
      (error: ServiceError | null) => resolve(error?.code ?? status.OK),
    );
  });
}

function fragile(artifact: string, description: string, hasModel: boolean): Workload {
  return {
    name: artifact,
    description,
    artifact,
    rows: 1,
    concurrency: 1,
    hasModel,
    hasFloor: false,
    loads: [],
  };
}
