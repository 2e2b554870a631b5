/** Work in a process of its own, whose processor time is then nobody else's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { onCores } from "../cores.js";

/**
 * What the program answers to its task, which is the one message it gets.
 * @param cores processors that it is bound to; absent: all
 * @throws Error when it ends without an answer
 */
export async function runInProcess<Result>(
  program: URL,
  cores: readonly number[] | undefined,
  task: object,
): Promise<Result> {
  const [execPath, ...execArgv] = onCores(cores, [process.execPath] as const);
  // Structured cloning: latencies are typed arrays, which JSON would take apart.
  const child = fork(program, { execPath, execArgv, serialization: "advanced" });
  const result = once(child, "message") as Promise<[Result]>;
  const exited = once(child, "exit");
  child.send(task);
  const ended = exited.then(() => {
    throw new Error("The measuring process ended without a result.");
  });
  const [answer] = await Promise.race([result, ended]);
  ended.catch(() => undefined);
  await exited;
  return answer;
}
