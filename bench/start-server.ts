/** Starts a server that is to be measured, waits until it can answer, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { onCores } from "./cores.js";
import type { ServerKind, ServerSetting } from "./servers.js";

export interface RunningServer {
  readonly kind: ServerKind;
  readonly pid: number;
  readonly port: number;
  /** Resolves when every process can answer; rejects with the server's last words when it ends or keeps silent. */
  readonly ready: Promise<void>;
  /** Asks the server to end; synchronous, for the handler of a signal. */
  askToStop(): void;
  /** Resolves when the server has ended; asks first, then insists. */
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 15_000;
const LISTEN_MS = 5000;
const RETRY_MS = 20;
/** Last lines of what a server said, for the error when it does not start. */
const MOST_LINES = 20;

/**
 * Starts the server on free ports; whoever does so awaits `ready` and calls `stop()`.
 * @param cores processors that the server with all it starts is bound to; absent: all
 */
export async function startServer(
  kind: ServerKind,
  setting: Omit<ServerSetting, "port" | "managementPort">,
  cores: readonly number[] | undefined,
): Promise<RunningServer> {
  const [port = 0, managementPort = 0] = await freePorts(2);
  const [file, ...args] = onCores(cores, kind.command({ ...setting, port, managementPort }));
  // The gateway logs every call to its standard output: a pipe would put that work on this process.
  const stdout = kind.role === "gateway" ? "ignore" : "pipe";
  const child = spawn(file, args, { stdio: ["ignore", stdout, "pipe"] });
  const askToStop = (): void => void child.kill("SIGTERM");
  return {
    kind,
    pid: child.pid ?? 0,
    port,
    ready: waitUntilReady(child, kind, setting.processes).then(() => waitForPort(port)),
    askToStop,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exited = once(child, "exit");
      const insist = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      askToStop();
      await exited;
      clearTimeout(insist);
    },
  };
}

function waitUntilReady(child: ChildProcess, kind: ServerKind, processes: number): Promise<void> {
  const said: string[] = [];
  const { line: wanted, count } = kind.ready(processes);
  let left = count;
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error([`${kind.name} ${why}.`, ...said].join("\n")));
    };
    const timer = setTimeout(() => fail("was not ready in time"), START_MS);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    // "close", not "exit": its last words have been read by then.
    child.once("close", () => fail("ended before it was ready"));
    const readers = streams.map((input) => createInterface(input));
    for (const reader of readers) {
      reader.on("line", (line) => {
        said.push(line);
        if (said.length > MOST_LINES) said.shift();
        if (wanted.test(line)) left -= 1;
        if (left > 0) return;
        clearTimeout(timer);
        // What it says from now on is not read, only taken away: its pipes must not fill.
        for (const one of readers) one.close();
        for (const stream of streams) stream.resume();
        resolve();
      });
    }
  });
}

/** Some say that they are ready a moment before they listen. @throws Error when nobody listens in time */
async function waitForPort(port: number): Promise<void> {
  const until = performance.now() + LISTEN_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      // Nothing tells when somebody else's port opens: it has to be tried again.
      await sleep(RETRY_MS);
    } finally {
      socket.destroy();
    }
  }
}

/** All of them open at once, so that none is given out twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
