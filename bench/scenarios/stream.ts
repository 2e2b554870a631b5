/** `stream/<workload>/<server>`: a million requests through one stream, and the memory that they take. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { scoreStream } from "../load/score-stream.js";
import { readPeakMemory, readTreeMemory } from "../process-tree.js";
import { SERVERS, type ServerKind } from "../servers.js";
import type { Workbench } from "../workbench.js";
import { workloadNamed, type Finding, type Scenario } from "./scenario.js";

const ITEMS = 1_000_000;
/** Of a quick run. */
const FEW_ITEMS = 50_000;
const PYTHON_PROCESSES = 2;
/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 250;
const MEGABYTE = 1024 ** 2;
/** Number of the field that holds the request in an item, and the response in an answer. */
const BODY = 2;

const SERVER_NAMES = ["gateway", "grpcio"] as const;

export const STREAM: readonly Scenario[] = SERVERS.filter(({ name }) =>
  SERVER_NAMES.some((wanted) => wanted === name),
).map((kind) => ({
  name: `stream/trivial/${kind.name}`,
  kind: "stream" as const,
  run: (bench: Workbench) => measureStream(bench, kind),
}));

async function measureStream(bench: Workbench, kind: ServerKind): Promise<Finding> {
  const found = await bench.prepare(workloadNamed("trivial"), [kind]);
  if ("reason" in found) throw new Error(found.reason);
  const server = await bench.start(kind, found, { processes: PYTHON_PROCESSES });
  let most = { node: 0, python: 0 };
  const look = setInterval(() => {
    const now = readTreeMemory(server.pid);
    if (now === undefined) return;
    most = { node: Math.max(most.node, now.node), python: Math.max(most.python, now.python) };
  }, LOOK_MS);
  try {
    const { grpc } = found.calls;
    const { path, payload } = grpc.request;
    const item = new BinaryWriter().tag(BODY, WireType.LengthDelimited).bytes(payload).finish();
    const items = bench.options.quick ? FEW_ITEMS : ITEMS;
    const scored = await scoreStream({ port: server.port, path: `${path}Stream`, item, items });
    if (!grpc.isAnswer(responseIn(scored.first), found.answer)) {
      throw new Error("it answers something else than main()");
    }
    return {
      figures: {
        items: scored.answers,
        "items/s": scored.answers / (scored.elapsedMs / 1000),
        "node PSS max MB": most.node / MEGABYTE,
        "python PSS max MB": most.python / MEGABYTE,
        "peak MB": (readPeakMemory(server.pid) ?? NaN) / MEGABYTE,
      },
      failures: scored.failures + items - scored.answers,
    };
  } finally {
    clearInterval(look);
    await bench.stop(server);
  }
}

function responseIn(answer: Uint8Array): Buffer {
  const reader = new BinaryReader(answer);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === BODY) return Buffer.from(reader.bytes());
    reader.skip(type);
  }
  throw new Error("it answers a request with an error");
}
