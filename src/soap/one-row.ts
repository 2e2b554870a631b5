/**
 * `EvaluateOne` is `Evaluate` for one row: its rows become tables of one on the way in, and the answer's only row comes out
 * of its table on the way back.
 */
import type { Message, Service } from "../contract/model.js";
import type { SoapOperation } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";
import type { Struct, Value } from "../values.js";

/** Compiles what makes the inputs of an operation those of `main()`. */
export function compileRowWrapper({ operation }: Service, asked: SoapOperation): (inputs: Struct) => Struct {
  const rows = replacedTables(operation.request, asked.request);
  return (inputs) => {
    for (const source of rows) {
      const row = inputs[source];
      if (row !== undefined && row !== null) inputs[source] = [row];
    }
    return inputs;
  };
}

/**
 * Compiles what makes the answer of `main()` that of an operation.
 * @returns a function that throws GatewayError `output_invalid` when the answer does not have exactly one row
 */
export function compileRowUnwrapper({ operation }: Service, asked: SoapOperation): (result: Value) => Value {
  const [field] = replacedTables(operation.response, asked.response);
  if (field === undefined) return (result) => result;
  return (result) => {
    const [row, ...more] = Array.isArray(result) ? result : [];
    if (row !== undefined && more.length === 0) return row;
    const message = `The artifact answered one row with another number of rows than one; ${operation.name} carries them.`;
    throw new GatewayError("output_invalid", message, { started: true });
  };
}

/** The fields that are a table in one message and its row in the other. */
function replacedTables(whole: Message, asked: Message): readonly string[] {
  const kinds = new Map(asked.fields.map(({ source, type }) => [source, type.kind]));
  return whole.fields
    .filter(({ source, type }) => type.kind === "array" && kinds.get(source) !== "array")
    .map(({ source }) => source);
}
