/** Gateways are replaced one after the other under callers that do not retry: no call may fail, and none may run twice. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Client, credentials, Metadata, status as Status, type ServiceError } from "@grpc/grpc-js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { contractOf } from "../../src/contract-of.js";
import { serviceFullName } from "../../src/grpc/service-definition.js";
import { structFromJson } from "../../src/json/decode.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { startBalancer, type Balancer } from "../support/balancer.js";
import { startServe, type ServeProcess } from "../support/serve-process.js";
import { repository } from "../support/served-example.js";
import { createOracle } from "./es-oracle.js";

const ARTIFACT = repository("examples/credit_decision/artifact");
const SAMPLE = repository("examples/credit_decision/samples/approve.json");
/** Callers of both kinds together. */
const UNARY_CALLERS = 48;
const STREAM_CALLERS = 16;
const ITEMS = 50;

interface Example {
  readonly path: string;
  readonly request: Uint8Array;
}

async function readExample(): Promise<Example> {
  const opened = await openArtifact(ARTIFACT);
  const service = contractOf(await readArtifact(opened));
  await opened.close();
  const { request, name } = service.operation;
  // A null is a field that is not there.
  const text = readFileSync(SAMPLE, "utf8").replaceAll(/"\w+": null, /g, "");
  const inputs = structFromJson(request, parseStrictJson(Buffer.from(text), SAMPLE), "", []);
  return {
    path: `/${serviceFullName(service)}/${name}`,
    request: createOracle(service).encode(request, inputs),
  };
}

const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** Callers of each kind that go on until they are told to stop, and what became of their calls. */
class Callers {
  readonly failures: string[] = [];
  /** Request ids of the unary calls that were answered, and of the items of streams. */
  readonly answered: string[] = [];
  /** Streams that a gateway ended before they were done. */
  sentElsewhere = 0;
  #isOver = false;
  readonly #client: Client;
  readonly #example: Example;
  readonly #running: Promise<unknown>;

  constructor(balancers: readonly Balancer[], example: Example) {
    this.#example = example;
    const addresses = balancers.map(({ port }) => `127.0.0.1:${port}`);
    this.#client = new Client(`ipv4:${addresses.join(",")}`, credentials.createInsecure(), {
      // No retry policy: nothing that has reached a gateway is sent again.
      "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 200,
    });
    this.#running = Promise.all([
      ...Array.from({ length: UNARY_CALLERS }, (_, caller) => this.#callAgain(`unary-${caller}`)),
      ...Array.from({ length: STREAM_CALLERS }, (_, caller) => this.#scoreAgain(`stream-${caller}`)),
    ]);
  }

  /** Waits for so many more answers, or a failure. */
  async until(count: number): Promise<void> {
    const goal = this.answered.length + count;
    while (this.answered.length < goal && this.failures.length === 0) await turn();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    this.#client.close();
  }

  async #callAgain(name: string): Promise<void> {
    for (let call = 0; !this.#isOver && this.failures.length === 0; call += 1) {
      const id = `${name}-${call}`;
      const error = await new Promise<ServiceError | null>((resolve) => {
        const { path, request } = this.#example;
        this.#client.makeUnaryRequest(path, same, same, request, withId(id), (failed) => resolve(failed));
      });
      if (error === null) this.answered.push(id);
      else this.failures.push(`${id}: ${error.message}`);
    }
  }

  /** As docs/grpc.md says: what was not answered is sent again on a new stream. */
  async #scoreAgain(name: string): Promise<void> {
    let left = ITEMS;
    for (let nth = 0; !this.#isOver && this.failures.length === 0; nth += 1) {
      const id = `${name}-${nth}`;
      const { answers, error } = await this.#score(id, left);
      this.answered.push(...Array.from({ length: answers }, (_, item) => `${id}.${item + 1}`));
      left = answers === left ? ITEMS : left - answers;
      if (error === undefined) continue;
      if (error.code === Status.UNAVAILABLE && error.details.startsWith("The gateway ends this stream."))
        this.sentElsewhere += 1;
      else this.failures.push(`${id}: ${error.message}`);
    }
  }

  #score(id: string, items: number): Promise<{ answers: number; error: ServiceError | undefined }> {
    const { path, request } = this.#example;
    const rpc = this.#client.makeBidiStreamRequest(`${path}Stream`, same, same, withId(id));
    let answers = 0;
    rpc.on("data", (answer: Uint8Array) => {
      const reader = new BinaryReader(answer);
      const [field] = reader.tag();
      // The field of a response; an error would be another one.
      if (field === 2) answers += 1;
      else this.failures.push(`${id}: an item failed`);
    });
    const item = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(request).finish();
    for (let sent = 0; sent < items; sent += 1) rpc.write(item);
    rpc.end();
    return new Promise((resolve) => {
      rpc.on("error", (error: ServiceError) => resolve({ answers, error }));
      rpc.on("status", ({ code }) => code === Status.OK && resolve({ answers, error: undefined }));
    });
  }
}

function withId(id: string): Metadata {
  const metadata = new Metadata();
  metadata.set("x-request-id", id);
  return metadata;
}

/** The request ids under which `main()` was run, by the gateways' own logs. */
function ranIn(gateways: readonly ServeProcess[]): string[] {
  const calls = gateways.flatMap((gateway) => gateway.logged("call"));
  return calls.map(({ requestId, code }) => {
    assert.equal(code, "ok");
    return String(requestId);
  });
}

/** Every call was answered, and run once: also those that were cut off from a stream were not run. */
async function assertOnce(callers: Callers, gateways: readonly ServeProcess[]): Promise<void> {
  assert.deepEqual(callers.failures, []);
  // All that they log has been read when they have ended.
  for (const { child } of gateways) child.kill("SIGTERM");
  await Promise.all(gateways.map(({ exited }) => exited));
  const ran = ranIn(gateways);
  assert.equal(new Set(ran).size, ran.length, "no call was run twice");
  assert.deepEqual(ran.sort(), [...callers.answered].sort());
}

/** So many gateways, each behind an address of its own that leads to it as long as it is ready. */
async function startGateways(
  context: TestContext,
  count: number,
  settings: Record<string, string> = {},
): Promise<{ readonly gateways: ServeProcess[]; readonly balancers: readonly Balancer[] }> {
  const gateways = Array.from({ length: count }, () => startServe(context, [ARTIFACT], settings));
  const balancers = await Promise.all(
    gateways.map(async (gateway) => startBalancer(context, [(await gateway.ready()).application])),
  );
  return { gateways, balancers };
}

test("two gateways are replaced one after the other under 64 callers without retries, and no call fails", async (context) => {
  const example = await readExample();
  const { gateways, balancers } = await startGateways(context, 2);
  const callers = new Callers(balancers, example);
  await callers.until(500);
  for (const [index, balancer] of balancers.entries()) {
    const leaving = gateways[index] ?? assert.fail();
    const before = leaving.logged("call").length;
    assert.ok(before > 0, "it is called");
    leaving.child.kill("SIGTERM");
    assert.deepEqual(await leaving.exited, { code: 0, signal: null });
    assert.ok(leaving.logged("call").length > before, "calls were under way");
    balancer.targets = [];
    const fresh = startServe(context, [ARTIFACT]);
    gateways.push(fresh);
    balancer.targets = [(await fresh.ready()).application];
    while (fresh.logged("call").length === 0 && callers.failures.length === 0) await callers.until(200);
  }
  await callers.stop();
  await assertOnce(callers, gateways);
  assert.ok(callers.sentElsewhere > 0, "streams were under way, too");
});
