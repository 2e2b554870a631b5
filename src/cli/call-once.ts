/** One call of `main()` without a server, through the same checks as any other call. */
import type { Config } from "../config.js";
import { invalidInput } from "../call/check-inputs.js";
import { GatewayError, Refusal, type Violation } from "../errors.js";
import { deadlineFor } from "../limits.js";
import type { Observer } from "../observe.js";
import { shown } from "../problems.js";
import { requestIdFrom } from "../request-id.js";
import { serveArtifact, type Contracted } from "../serve-artifact.js";
import type { Struct, Value } from "../values.js";
import { showProgress } from "./progress.js";

export interface OneCall {
  readonly config: Config;
  readonly observer: Observer;
  /** As the user named them: the artifact, or a component of it, and the file of the inputs. */
  readonly names: { readonly artifact: string; readonly input: string };
  readonly bytesIn: number;
}

/** The same for a component: messages name it, and the sample of the whole artifact is none of it. */
export function ofComponent(call: OneCall, ref: string): OneCall {
  const { config, names } = call;
  const artifact = `${names.artifact} (${shown(ref)})`;
  return { ...call, config: { ...config, sample: undefined }, names: { ...names, artifact } };
}

/**
 * Starts a process, calls `main()` in it, and ends it.
 * @param read the inputs; what is wrong with them goes to `violations`
 * @throws Refusal `usage` for wrong inputs, `artifact` for everything that `main()` does wrong
 */
export async function callOnce(
  contracted: Contracted,
  { config, observer, names, bytesIn }: OneCall,
  read: (violations: Violation[]) => Struct,
): Promise<Value> {
  const done = showProgress("starting Python");
  const { pool, call } = serveArtifact(contracted, config, observer);
  const onExit = (): void => pool.killAll();
  process.on("exit", onExit);
  let answer: Value = null;
  try {
    await pool.started;
    done();
    await call(
      {
        requestId: requestIdFrom(undefined),
        protocol: "run",
        deadlineAt: deadlineFor(undefined, config),
        bytesIn,
      },
      {
        decode() {
          const violations: Violation[] = [];
          const inputs = read(violations);
          if (violations.length > 0) throw invalidInput(violations, config.maxViolations);
          return inputs;
        },
        encode(result) {
          answer = result;
          return "";
        },
      },
    );
    return answer;
  } catch (error) {
    throw error instanceof GatewayError ? refusalOf(error, names) : error;
  } finally {
    done();
    await pool.drain(0);
    process.off("exit", onExit);
  }
}

/** A wrong input is the user's to correct; everything else speaks of the artifact, with its traceback. */
function refusalOf(error: GatewayError, { artifact, input }: OneCall["names"]): Refusal {
  if (error.code === "invalid_input") {
    const remedy = "Correct the input.";
    const problems = error.violations.map((violation) => ({ where: input, ...violation, remedy }));
    return new Refusal("usage", problems);
  }
  const { cause } = error;
  const detail = cause instanceof Error ? `\n${cause.message.trimEnd()}\n` : "";
  const remedy = error.code === "internal" ? "" : "Correct the artifact or its environment.";
  const message = `${error.message}${detail}`;
  return new Refusal("artifact", [{ where: artifact, path: "", message, remedy }]);
}
