/**
 * What happens to a call on either side of Python that is the same for every protocol: inputs are checked and pickled,
 * and the pickled result is read and checked. Kept apart from the order of a call, because for large messages both ends
 * run in another thread.
 */
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { maxInputBytes, type Limits } from "../limits.js";
import type { Struct, Value } from "../values.js";
import type { Prepared } from "./call.js";
import { compileInputsCheck } from "./check-inputs.js";
import { compileResultCheck } from "./check-result.js";
import { compileInputsEncoder } from "./encode-inputs.js";
import { readResult } from "./read-result.js";

export interface TwoEnds {
  /** Decoded inputs to what Python gets. @throws GatewayError `invalid_input`, `too_large` */
  prepare(inputs: Struct): Prepared;
  /** What Python answered to a result of the declared type. @throws GatewayError `output_invalid` */
  finish(result: Uint8Array): Value;
}

/** Compiles both ends for one service. */
export function compileTwoEnds({ operation }: Service, limits: Limits): TwoEnds {
  const [result] = operation.response.fields;
  const checkInputs = compileInputsCheck(operation.request, limits.maxViolations);
  const encodeInputs = compileInputsEncoder(operation.request);
  const checkResult = compileResultCheck(result.type);
  const [table, ...others] = operation.request.fields.filter(({ role }) => role === "table");
  // Calls of which each brings the only row there may be have none to join.
  const isJoinable = others.length === 0 && table?.type.kind === "array" && table.type.maxItems > 1;
  const maxBytes = maxInputBytes(limits);
  const onlyTable = isJoinable ? table.source : undefined;
  return {
    prepare(decoded) {
      const checked = checkInputs(decoded);
      const inputs = encodeInputs(checked);
      if (inputs.length > maxBytes) {
        const message = `The values of the request take more than ${maxBytes} bytes in Python: send it in several smaller requests.`;
        throw new GatewayError("too_large", message);
      }
      const rows = onlyTable === undefined ? undefined : checked[onlyTable];
      return { inputs, rows: Array.isArray(rows) ? rows.length : 0 };
    },
    finish: (bytes) => checkResult(readResult(bytes)),
  };
}
