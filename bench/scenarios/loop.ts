/**
 * `loop/<protocol>/<traffic>/<server>`: what large messages do to everybody else. A few callers send or ask for large
 * messages one after another, while small calls arrive by themselves; of the gateway, how late its event loop is.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_MAIN_OPTIONS } from "../../src/contract/main-options.js";
import type { FieldType, Service } from "../../src/contract/model.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { lockOfService } from "../../src/lock/lock-of-service.js";
import { printLock } from "../../src/lock/print-lock.js";
import { newStruct, type Struct } from "../../src/values.js";
import type { ConstantCall, MainAnswer } from "../calls/call.js";
import { grpcCall } from "../calls/grpc-call.js";
import { soapCall } from "../calls/soap-call.js";
import { firstAnswer } from "../first-answer.js";
import { startLoadGenerator } from "../load/generator.js";
import type { Load, LoadResult } from "../load/load.js";
import { probeArguments, readLoopDelay } from "../loop-delay.js";
import type { PreparedWorkload } from "../prepare-workload.js";
import { readPeakMemory } from "../process-tree.js";
import { GROUPS, SERVERS, type Group, type ServerKind } from "../servers.js";
import type { RunningServer } from "../start-server.js";
import { percentile } from "../statistics.js";
import { withScore } from "../with-score.js";
import type { Workbench } from "../workbench.js";
import type { Workload } from "../workloads.js";
import type { Finding, Scenario } from "./scenario.js";

const VOLUME: Workload = {
  name: "volume",
  description:
    "rows as many as a message holds; main() reads one, and answers few factors or some megabytes of them",
  artifact: "volume",
  rows: 1,
  concurrency: 1,
  hasModel: false,
  hasFloor: false,
  loads: [],
};

type CallOf = (service: Service, inputs: Struct) => ConstantCall;

const CALLS = { soap: soapCall, grpc: grpcCall } as const satisfies Record<Group, CallOf>;

/** As large as a message may be by default, and a little less, because rows are whole. */
const LARGE_BYTES = DEFAULT_LIMITS.maxMessageBytes;
/** Too small for the threads by itself. */
const MIDDLING_BYTES = 200 * 1024;
/** The score for which the artifact answers at length. */
const AT_LENGTH = 0;
/** Rows and factors that the contract allows. */
const MOST_ITEMS = 100_000;

interface Asked {
  readonly inputs: Struct;
  readonly answer: MainAnswer;
}

interface Traffic {
  readonly name: string;
  /** Connections on which the large messages go, one at a time on each. */
  readonly connections: number;
  readonly ask: (one: PreparedWorkload, callOf: CallOf) => Asked;
  /** Whether servers that answer nothing but scalars can be asked. */
  readonly hasPeers: boolean;
}

const TRAFFIC: readonly Traffic[] = [
  { name: "in", connections: 2, ask: (one, callOf) => rowsOf(one, callOf, LARGE_BYTES), hasPeers: true },
  { name: "out", connections: 2, ask: atLength, hasPeers: false },
  {
    name: "middling",
    connections: 16,
    ask: (one, callOf) => rowsOf(one, callOf, MIDDLING_BYTES),
    hasPeers: true,
  },
];

/** Of the small calls: far from what anybody here can answer. */
const SMALL = { connections: 16, streams: 1 } as const;
const SMALL_PER_SECOND = 100;
/** The large ones occupy two, which leaves some to the small ones. */
const PYTHON_PROCESSES = 4;
const WARM_UP_MS = 2000;
const TIMEOUT_MS = 30_000;
const MEGABYTE = 1024 ** 2;

export const LOOP: readonly Scenario[] = GROUPS.flatMap((protocol) =>
  TRAFFIC.flatMap((traffic) =>
    SERVERS.filter(
      ({ role, speaks }) =>
        speaks[protocol] === protocol && (role === "gateway" || (role === "peer" && traffic.hasPeers)),
    ).map((kind) => ({
      name: `loop/${protocol}/${traffic.name}/${kind.name}`,
      kind: "loop" as const,
      run: (bench: Workbench) => measureLoop(bench, kind, protocol, traffic),
    })),
  ),
);

async function measureLoop(
  bench: Workbench,
  kind: ServerKind,
  protocol: Group,
  traffic: Traffic,
): Promise<Finding> {
  const found = await bench.prepare(VOLUME, [kind]);
  if ("reason" in found) throw new Error(found.reason);
  const folder = mkdtempSync(join(tmpdir(), "bench-loop-"));
  const socket = join(folder, "probe.sock");
  const isOurs = kind.role === "gateway";
  const ours = { nodeArguments: probeArguments(socket), gatewayArguments: lockArguments(found, folder) };
  const server = await bench.start(kind, found, { processes: PYTHON_PROCESSES, ...(isOurs ? ours : {}) });
  const [forSmall, forLarge] = [startLoadGenerator(), startLoadGenerator()];
  try {
    const callOf = CALLS[protocol];
    const { inputs, answer } = traffic.ask(found, callOf);
    const small = await loadOf(server, found.answer, callOf(found.service, found.inputs));
    const large = await loadOf(server, answer, callOf(found.service, inputs));
    const { seconds, seed } = bench.options;
    const durationMs = seconds * 1000;
    const { connections } = traffic;
    const sendSmall = (): Promise<LoadResult> =>
      forSmall.run({ ...small, ...SMALL, durationMs, arrivals: { perSecond: SMALL_PER_SECOND, seed } });
    const sendLarge = (ms: number): Promise<LoadResult> =>
      forLarge.run({ ...large, connections, streams: 1, durationMs: ms });

    // What is there only once, such as threads that start and code that is compiled, is told apart.
    if (isOurs) await readLoopDelay(socket);
    const first = await sendLarge(WARM_UP_MS);
    const starting = isOurs ? await readLoopDelay(socket) : undefined;
    const alone = await sendSmall();
    const idle = isOurs ? await readLoopDelay(socket) : undefined;
    const [beside, loaded] = await Promise.all([sendSmall(), sendLarge(durationMs)]);
    const busy = isOurs ? await readLoopDelay(socket) : undefined;
    return {
      figures: {
        "large calls/s": loaded.latencies.length / (loaded.elapsedMs / 1000),
        "large p50 ms": percentile([loaded.latencies], 50),
        "small p50 ms, alone": percentile([alone.latencies], 50),
        beside: percentile([beside.latencies], 50),
        "small p99 ms, alone": percentile([alone.latencies], 99),
        "beside ": percentile([beside.latencies], 99),
        ...(busy === undefined
          ? {}
          : { "loop p50 ms": busy.p50, "loop p99 ms": busy.p99, "loop max ms": busy.max }),
        ...(idle === undefined ? {} : { "idle p99 ms": idle.p99 }),
        ...(starting === undefined ? {} : { "at start max ms": starting.max }),
        "peak MB": (readPeakMemory(server.pid) ?? NaN) / MEGABYTE,
      },
      failures: [first, alone, beside, loaded].reduce((sum, { failures }) => sum + countAll(failures), 0),
    };
  } finally {
    await Promise.all([forSmall.stop(), forLarge.stop()]);
    await bench.stop(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A call and the answer that it gets, which is read once. */
async function loadOf(
  { port }: RunningServer,
  answer: MainAnswer,
  call: ConstantCall,
): Promise<Pick<Load, "target" | "expected">> {
  const target = { ...call.request, port, timeoutMs: TIMEOUT_MS };
  return { target, expected: await firstAnswer(target, call, answer) };
}

/** One row, and an answer with all that the artifact has to say. */
function atLength({ inputs, answer }: PreparedWorkload): Asked {
  const asked = withScore(inputs, AT_LENGTH);
  return { inputs: asked, answer: { ...answer, decision: "decline", score: AT_LENGTH } };
}

/** The one row so often that the request has at most so many bytes. */
function rowsOf({ service, inputs, answer }: PreparedWorkload, callOf: CallOf, bytes: number): Asked {
  const times = (count: number): Struct => {
    const rows = inputs["application"];
    if (!Array.isArray(rows)) throw new TypeError("The input has no rows.");
    return Object.assign(newStruct(), inputs, {
      application: Array.from({ length: count }, () => rows).flat(),
    });
  };
  const sizeOf = (count: number): number => callOf(service, times(count)).request.payload.length;
  const row = sizeOf(2) - sizeOf(1);
  return { inputs: times(Math.floor((bytes - sizeOf(1)) / row)), answer };
}

/** A lock under which messages may be as long as they can. */
function lockArguments({ service }: PreparedWorkload, folder: string): readonly string[] {
  const { operation } = service;
  const request = { ...operation.request, fields: operation.request.fields.map(widened) };
  const [result] = operation.response.fields;
  const response = { ...operation.response, fields: [widened(result)] as const };
  const facts = { revision: 1, main: DEFAULT_MAIN_OPTIONS, evidence: [] };
  const lock = lockOfService({ ...service, operation: { ...operation, request, response } }, facts);
  const file = join(folder, "contract.lock.json");
  writeFileSync(file, printLock(lock));
  return ["--lock", file];
}

function widened<F extends { readonly type: FieldType }>(field: F): F {
  const { type } = field;
  if (type.kind === "struct") {
    const { message } = type;
    return { ...field, type: { ...type, message: { ...message, fields: message.fields.map(widened) } } };
  }
  return type.kind === "array" ? { ...field, type: { ...type, maxItems: MOST_ITEMS } } : field;
}

function countAll(failures: LoadResult["failures"]): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}
