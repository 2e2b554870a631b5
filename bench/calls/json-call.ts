/** The call as JSON over HTTP/1.1, as the Python peers without a contract take it: the tables by name, rows of columns. */
import type { Call } from "./call.js";

/** @param input text of a sample file, which is what is posted */
export function jsonCall(input: Buffer): Call {
  return {
    request: {
      protocol: "json",
      path: "/evaluate",
      payload: input,
      headers: ["Content-Type: application/json"],
    },
    isAnswer(bytes, answer) {
      const found: unknown = JSON.parse(bytes.toString());
      if (typeof found !== "object" || found === null) return false;
      const record = new Map<string, unknown>(Object.entries(found));
      return Object.entries(answer).every(([name, value]) => record.get(name) === value);
    },
  };
}
