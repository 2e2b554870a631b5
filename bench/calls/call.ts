/** One call as a server wants it, and the check that an answer says what `main()` says. */
import type { Target } from "../load/connection.js";

/** What `main()` answers: a record of scalars. */
export type MainAnswer = Readonly<Record<string, string | number | boolean>>;

export interface Call {
  readonly request: Omit<Target, "port" | "timeoutMs">;
  /** Whether a payload is the answer, read with another library than the gateway's own. */
  isAnswer(payload: Buffer, answer: MainAnswer): boolean;
}

/** A call whose answer can be written down before anybody computes it. */
export interface ConstantCall extends Call {
  /** A right answer, as a server that computes nothing gives it. */
  answerBytes(answer: MainAnswer): Buffer;
}

/** What a call is spelled in. `openInference` is gRPC too, with messages of its own. */
export type Dialect = "soap" | "grpc" | "json" | "openInference";
