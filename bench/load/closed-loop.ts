/** The load: a fixed number of calls in flight, the next one sent when the last one is answered. */
import { noFailures, type Connection, type Failure, type Target } from "./connection.js";
import { openGrpcConnection } from "./grpc-connection.js";
import { openSoapConnection } from "./soap-connection.js";

export interface Load {
  readonly target: Target;
  /** The payload that every answer must have, byte for byte. */
  readonly expected: Uint8Array;
  readonly connections: number;
  /** Calls in flight on each connection; HTTP/1.1 carries one. */
  readonly streams: number;
  /** New calls are sent for this long; what is in flight then is waited for and counts. */
  readonly durationMs: number;
}

export interface LoadResult {
  /** Milliseconds of every good call, in no order. */
  readonly latencies: Float64Array;
  readonly failures: Readonly<Record<Failure, number>>;
  /** From the first call to the last answer. */
  readonly elapsedMs: number;
  /** Processor time that the load generator itself used meanwhile. */
  readonly clientCpuMs: number;
}

/** A server that fails this often is down: going on would measure how fast it can fail. */
const MOST_FAILURES = 1000;

const OPENERS = { soap: openSoapConnection, grpc: openGrpcConnection } as const satisfies Record<
  Target["protocol"],
  (target: Target) => Promise<Connection>
>;

/** A new connection to the target. @throws Error when nobody accepts it */
export function openConnection(target: Target): Promise<Connection> {
  return OPENERS[target.protocol](target);
}

/** Runs the load to its end. Never rejects: whatever goes wrong is counted. */
export async function runLoad({
  target,
  expected,
  connections,
  streams,
  durationMs,
}: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const failures = noFailures();
  let failed = 0;
  const fail = (failure: Failure): void => {
    failures[failure] += 1;
    failed += 1;
  };

  /** Every connection is there before the first call, so that none is measured in its making. */
  const opened = await Promise.all(Array.from({ length: connections }, () => tryOpen(target)));
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const until = began + durationMs;

  async function runConnection(first: Connection | undefined): Promise<void> {
    let connection = Promise.resolve(first);
    const runStream = async (): Promise<void> => {
      while (performance.now() < until && failed < MOST_FAILURES) {
        const shared = connection;
        let current = await shared;
        if (current?.isOpen() === false) {
          // The first of its calls to see it renews it for all of them.
          if (connection === shared) connection = tryOpen(target);
          current = await connection;
        }
        if (current === undefined) {
          fail("connect");
          return;
        }
        const sent = performance.now();
        const answer = await current.call();
        const latency = performance.now() - sent;
        if ("failure" in answer) fail(answer.failure);
        else if (!answer.payload.equals(expected)) fail("answer");
        else latencies.push(latency);
      }
    };
    await Promise.all(Array.from({ length: streams }, runStream));
    (await connection)?.close();
  }

  await Promise.all(opened.map(runConnection));
  const elapsedMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  const clientCpuMs = (user + system) / 1000;
  return { latencies: Float64Array.from(latencies), failures, elapsedMs, clientCpuMs };
}

async function tryOpen(target: Target): Promise<Connection | undefined> {
  return openConnection(target).catch(() => undefined);
}
