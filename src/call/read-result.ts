/** The value that `main()` returned, out of the bytes that the dispatcher brought. */
import { GatewayError } from "../errors.js";
import { NotDataError } from "../pickle/pickle-input.js";
import { readPickle } from "../pickle/pickle-reader.js";
import type { PythonValue } from "../values.js";

/** @throws GatewayError `output_invalid` for bytes that are no data; the cause, for the log, says what they are */
export function readResult(pickle: Uint8Array): PythonValue {
  try {
    return readPickle(pickle);
  } catch (error) {
    const cause = error instanceof NotDataError ? error : new Error("the pickle cannot be read");
    const message = "The artifact returned something that is not data.";
    throw new GatewayError("output_invalid", message, { started: true, cause });
  }
}
