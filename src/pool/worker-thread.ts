/**
 * The piscina task of one worker: keeps one Python process until it is told to drain. The thread stays, the process
 * is replaced; a failure to start is a message to the main thread, never an exception that would end the thread.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { defer, type Deferred } from "../deferred.js";
import { startPython, type PythonProcess } from "./python-process.js";
import type { FromThread, ToThread, WorkerTask } from "./thread-messages.js";

/** Runs until drained; resolves once the last process has gone. */
export default async function superviseWorker(task: WorkerTask): Promise<void> {
  const { port } = task;
  const post = (message: FromThread): void => port.postMessage(message);
  let current: PythonProcess | undefined;
  let draining = false;
  let restart: Deferred<undefined> = defer();

  port.on("message", (message: ToThread) => {
    switch (message.type) {
      case "end":
        current?.kill(message.reason, message.detail);
        break;
      case "restart":
        restart.resolve(undefined);
        break;
      case "drain":
        draining = true;
        current?.stop();
        restart.resolve(undefined);
        break;
    }
  });

  do {
    restart = defer();
    current = startProcess(task, post);
    await current.ended.then((end) => post({ type: "ended", pid: current?.pid, ...end }));
    current = undefined;
    if (!isSet(draining)) await restart.promise;
  } while (!isSet(draining));
  port.close();
  await once(port, "close");
}

/** Set by the message handler while the loop waits, which the compiler cannot see. */
function isSet(flag: boolean): boolean {
  return flag;
}

function startProcess(task: WorkerTask, post: (message: FromThread) => void): PythonProcess {
  const startedAt = performance.now();
  const token = randomUUID();
  const { python, root, maxMessageBytes, nativeThreads, startTimeoutMs, socket } = task;
  const child = startPython({
    python,
    setup: {
      root,
      interface: task.interface,
      parent: process.pid,
      maxReplyBytes: maxMessageBytes,
      nativeThreads,
      socket,
      token,
    },
    startTimeoutMs,
    onLine: (stream, line) => post({ type: "output", stream, line }),
  });
  const { pid } = child;
  if (pid !== undefined) {
    post({ type: "started", pid, token });
    void child.ready.then((version) => {
      post({ type: "ready", pid, loadMs: performance.now() - startedAt, python: version });
    });
  }
  return child;
}
