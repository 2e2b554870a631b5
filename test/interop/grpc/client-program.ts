/** A foreign gRPC client as a process: it makes many calls at a time, and says what its library hands out of each. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { defer } from "../../../src/deferred.js";
import type { Json } from "../../support/json-of-type.js";
import { startLineProgram } from "../line-program.js";

/** Where to, and how. Each program keeps one channel for each of these that is different. */
export interface Channel {
  /** As the library takes it: `127.0.0.1:8080`, `unix:/run/socket`. */
  readonly target: string;
  /** The name that the certificate of the gateway has, where it is not that of the target. */
  readonly authority?: string;
  /** PEM files: whom to trust, and who the caller is. Without `ca` the channel is clear text. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds of silence after which the library sends a PING. */
  readonly keepaliveMs?: number;
  /**
   * Retries are turned off, which grpcio cannot bear: its core ends calls that it has not sent yet when a GOAWAY comes, and
   * leaves it to its retries to begin them anew.
   */
  readonly withoutRetries?: boolean;
  /** Tells channels apart that are alike otherwise. */
  readonly separate?: number;
}

export interface GrpcCall {
  readonly channel: Channel;
  /** `package.Service/Method`; one that its service does not have is called with an empty message. */
  readonly method: string;
  /** Under proto names, with the tags of `tagged-values.ts`: one, or all of a stream. */
  readonly requests: readonly Json[];
  /** Absent: no deadline. */
  readonly timeoutMs?: number;
  readonly gzip?: boolean;
}

/** `google.rpc.Status` in ProtoJSON, as the library for rich errors reads it; empty: OK. */
export interface SeenStatus {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly Detail[];
}

export type Detail = Readonly<Record<string, unknown>> & { readonly "@type": string };

export interface GrpcOutcome {
  readonly answers: readonly Json[];
  readonly status: SeenStatus;
}

export interface RunningCall {
  /** Resolves when so many answers are there. @throws AssertionError when the call ends before */
  reached(answers: number): Promise<void>;
  readonly ended: Promise<GrpcOutcome>;
  cancel(): void;
}

export interface LoadReport {
  readonly answered: number;
  /** How often each failure came. */
  readonly failed: Readonly<Record<string, number>>;
}

/** One unary call, again and again. */
export interface RunningLoad {
  /** Resolves when about so many calls are answered. */
  reached(answered: number): Promise<void>;
  /** Lets the calls in progress end, and begins no more. */
  stop(): Promise<LoadReport>;
}

export interface ClientProgram {
  start(call: GrpcCall): RunningCall;
  /** @param atOnce calls at a time */
  load(call: GrpcCall, atOnce: number): RunningLoad;
  close(): Promise<void>;
}

type LastLine = { readonly id: number; readonly status: SeenStatus } | ({ readonly id: number } & LoadReport);
type Line =
  | LastLine
  | { readonly id: number; readonly answer: Json }
  | { readonly id: number; readonly answered: number };

export function startProgram(command: string, args: readonly string[]): ClientProgram {
  const program = startLineProgram(command, args);
  const talks = new Map<number, Talk>();
  let ids = 0;
  let failure: Error | undefined;

  const readAll = async (): Promise<void> => {
    for await (const text of program.lines) {
      const line = JSON.parse(text) as Line;
      talks.get(line.id)?.hear(line);
    }
    failure = new Error(`${command} ended:\n${await program.said}`);
    for (const talk of talks.values()) talk.fail(failure);
  };
  void readAll();

  const begin = (what: object): Talk => {
    const id = (ids += 1);
    const talk = new Talk(() => program.send({ do: "cancel", id }));
    talks.set(id, talk);
    program.send({ ...what, id });
    if (failure !== undefined) talk.fail(failure);
    void talk.last.then(
      () => talks.delete(id),
      () => undefined,
    );
    return talk;
  };

  return {
    start(call) {
      const talk = begin({ do: "call", ...call });
      return {
        reached: (answers) => talk.until(() => talk.answers.length >= answers),
        ended: talk.last.then((line) => {
          assert.ok("status" in line);
          return { answers: talk.answers, status: line.status };
        }),
        cancel: talk.cancel,
      };
    },
    load(call, atOnce) {
      const talk = begin({ do: "load", atOnce, ...call });
      return {
        reached: (answered) => talk.until(() => talk.answered >= answered),
        async stop() {
          talk.cancel();
          const line = await talk.last;
          assert.ok("failed" in line);
          return line;
        },
      };
    },
    close() {
      // A load that its test did not stop, because it failed before, would never end.
      for (const talk of talks.values()) talk.cancel();
      return program.close();
    },
  };
}

/** What is printed of one call or load. */
class Talk {
  readonly answers: Json[] = [];
  /** Of a load, so far. */
  answered = 0;
  readonly cancel: () => void;
  readonly #last = defer<LastLine>();
  readonly #heard = new EventEmitter();

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  get last(): Promise<LastLine> {
    return this.#last.promise;
  }

  hear(line: Line): void {
    if ("answer" in line) this.answers.push(line.answer);
    else if ("answered" in line) this.answered = line.answered;
    if ("status" in line || "failed" in line) this.#last.resolve(line);
    this.#heard.emit("line");
  }

  fail(error: Error): void {
    this.#last.reject(error);
  }

  /** @throws AssertionError when the last line comes before */
  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      const line = await Promise.race([once(this.#heard, "line"), this.last]);
      assert.ok(Array.isArray(line) || isReached(), `it ended before: ${JSON.stringify(line)}`);
    }
  }
}
