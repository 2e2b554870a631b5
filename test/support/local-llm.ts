/** The example's small language model server, for as long as the test file runs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { PYTHON } from "./pool-harness.js";
import { repository } from "./served-example.js";

const KEY = "local-test-key";

/** Starts it and names it in the environment, where the artifact looks for it. @returns the function that ends it */
export async function startLocalLlm(): Promise<() => void> {
  const script = repository("examples/card_assistant/local_llm.py");
  const child = spawn(PYTHON, [script, "--port", "0", "--api-key", KEY], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8");
  const [line] = (await once(child.stdout, "data")) as [string];
  process.env["OPENAI_API_KEY"] = KEY;
  process.env["OPENAI_BASE_URL"] = `http://127.0.0.1:${line.trim()}/v1`;
  return () => void child.kill();
}
