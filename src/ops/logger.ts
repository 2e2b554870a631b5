/** The log: one JSON object a line on standard output. The only file that knows pino. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { Observer, TlsEvent } from "../observe.js";
import { callMembers, describe, roundMs } from "./call-line.js";
import { createIsoClock } from "./iso-clock.js";
import { createLineBatch } from "./line-batch.js";

/** How long the last lines may take to be written, in milliseconds. */
const CLOSING_MS = 1000;

export type Level = "info" | "warn" | "error";

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /**
   * The same for a line that comes with every call.
   * @param members the fields as JSON, each with a comma before it; asked for only when the level is logged
   */
  line(level: Level, members: () => string, message: string): void;
  /** Writes what is still buffered; nothing may be logged afterwards. Gives up on a reader that does not read. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly level: string;
  /** Descriptor to write to; standard output unless a command prints its answer there. */
  readonly descriptor?: number;
}

/** @param options `level` as pino names it */
export function createLog({ level, descriptor = 1 }: LogOptions): Log {
  // Lines are written behind the back of the calls they speak of; `close` writes the last ones.
  const destination = pino.destination({ dest: descriptor, sync: false });
  const batch = createLineBatch((lines) => destination.write(lines));
  const time = createIsoClock(Date.now);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    batch,
  );
  const writeLast = (): void => {
    batch.flush();
    destination.flushSync();
  };
  process.once("exit", writeLast);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    line(at, members, message) {
      if (!logger.isLevelEnabled(at)) return;
      batch.write(`{"level":"${at}","time":"${time()}"${members()},"msg":"${message}"}\n`);
    },
    async close() {
      process.removeListener("exit", writeLast);
      batch.flush();
      const closed = once(destination, "close");
      destination.end();
      await Promise.race([closed, sleep(CLOSING_MS, undefined, { ref: false })]);
    },
  };
}

const TLS_LINES = {
  loaded: { level: "info", message: "certificate loaded" },
  kept: { level: "warn", message: "certificate not renewed: the one before it stays" },
  expiring: { level: "warn", message: "certificate expires soon" },
  refused: { level: "warn", message: "connection refused" },
} as const satisfies Record<TlsEvent["kind"], { readonly level: Level; readonly message: string }>;

/** Turns happenings into log lines. */
export function createLogObserver(log: Log): Observer {
  return {
    callFinished(record) {
      const { code, error } = record;
      const members = (): string => callMembers(record);
      if (error === undefined) log.line("info", members, "call");
      else if (code === "invalid_input" || code === "too_large") log.line("info", members, "call refused");
      else log.line("warn", members, "call failed");
    },
    defect: ({ where, error }) =>
      log.error({ where, error: error instanceof Error ? describe(error) : String(error) }, "defect"),
    tls({ kind, ...fields }) {
      const { level, message } = TLS_LINES[kind];
      log[level](fields, message);
    },
    startMethodChosen: ({ service, forks, reason }) =>
      log.info(
        forks ? { service } : { service, reason },
        forks ? "python processes are forked" : "python processes import",
      ),
    processStarted: (event) => log.info(event, "python started"),
    processReady: ({ loadMs, ...event }) => log.info({ ...event, loadMs: roundMs(loadMs) }, "python ready"),
    processEnded(event) {
      if (event.reason === "drain") log.info(event, "python ended");
      else log.error(event, "python ended");
    },
    artifactOutput: (event) => log.info(event, "artifact output"),
  };
}
