/**
 * The piscina task of one pool: keeps the supervisor of its Python processes, and reads what they print, until it is told
 * to drain. The thread stays, what it hosts is replaced: a supervisor that is lost or cannot be started is a message to
 * the main thread, never an exception that would end the thread.
 */
import { once } from "node:events";
import type { HostCommand } from "./host-messages.js";
import { watchMemory } from "./resident-memory.js";
import { forwardOutput } from "./output-server.js";
import { startSupervisor, type Supervisor } from "./supervisor-process.js";
import type { FromThread, HostTask, ToThread } from "./thread-messages.js";

type StartCommand = Extract<HostCommand, { readonly type: "start" }>;

/** A process that was asked for and has not gone. */
interface OpenStart {
  readonly message: StartCommand;
  /** Whether the supervisor has said anything of it. */
  isHeard: boolean;
  /** Whether another supervisor was asked before. */
  readonly isRepeated: boolean;
}

/** Runs until drained; resolves once every process has gone. */
export default async function hostProcesses(task: HostTask): Promise<void> {
  const { port, python, setup } = task;
  const post = (message: FromThread): void => port.postMessage(message);
  const output = forwardOutput(setup.outputSocket, (token, stream, line) => {
    post({ type: "output", token, stream, line });
  });
  await output.listening;
  /** Starts whose end has not been told. */
  const open = new Map<string, OpenStart>();
  let supervisor: Supervisor | undefined;
  let isDraining = false;
  const memory = task.watchMemory
    ? watchMemory((token, residentMb) => post({ type: "memory", token, residentMb }))
    : undefined;
  const over = (token: string): boolean => {
    memory?.remove(token);
    return open.delete(token);
  };

  const start = (): Supervisor => {
    const started = startSupervisor({
      python,
      setup,
      onEvent(event) {
        const opened = "token" in event ? open.get(event.token) : undefined;
        if (opened !== undefined) opened.isHeard = true;
        switch (event.type) {
          case "hello":
            post({ type: "supervisor", python: event.python });
            break;
          case "failed":
            if (over(event.token)) post({ ...event, type: "over" });
            break;
          case "ended":
            if (over(event.token)) {
              const detail =
                event.how === "signal" ? `killed by ${event.what}` : `ended with exit code ${event.what}`;
              post({ type: "over", token: event.token, reason: event.how, detail, traceback: "" });
            }
            break;
          case "started":
            memory?.add(event.token, event.pid);
            post(event);
            break;
          default:
            post(event);
        }
      },
      onLine: (stream, line) => post({ type: "output", token: undefined, stream, line }),
    });
    void started.ended.then(({ reason, detail }) => {
      if (supervisor === started) supervisor = undefined;
      for (const [token, { message, isHeard, isRepeated }] of [...open]) {
        // Sent while the supervisor was ending: no process of it was lost. Once, in case its successors end as soon.
        if (reason === "supervisor_lost" && !isHeard && !isRepeated && !isDraining) pass(message, true);
        else {
          over(token);
          post({ type: "over", token, reason, detail, traceback: "" });
        }
      }
    });
    return started;
  };

  const pass = (message: StartCommand, isRepeated: boolean): void => {
    open.set(message.token, { message, isHeard: false, isRepeated });
    supervisor ??= start();
    supervisor.send(message);
  };

  await new Promise<void>((resolve) => {
    port.on("message", (message: ToThread) => {
      if (message.type === "drain") {
        resolve();
        return;
      }
      if (message.type === "start") pass(message, false);
      else supervisor?.send(message);
    });
  });
  isDraining = true;
  await supervisor?.stop();
  memory?.stop();
  await output.close();
  port.close();
  await once(port, "close");
}
