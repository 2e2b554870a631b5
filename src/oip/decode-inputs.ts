/** The tensors of a request to the inputs of the contract, compiled from it. */
import { pathOf } from "../call/path-trail.js";
import type { Violation } from "../errors.js";
import { invalidInput, report, reportTooMany } from "../grpc/violations.js";
import { MalformedError, WireReader, type Span } from "../grpc/wire-reader.js";
import { isStruct, newStruct, type Struct, type Value } from "../values.js";
import { ACCEPTED, isDatatype, type Datatype, type Element } from "./datatypes.js";
import { ElementError, TensorError, rawElements, typedElements, type Elements } from "./elements.js";
import { MALFORMED, type InferRequest } from "./infer-request.js";
import { readInputTensor, type TensorMessage } from "./input-tensor.js";
import { compileCellReader, type CellReader } from "./read-cell.js";
import type { InputTensor } from "./tensors.js";

interface CompiledInput extends InputTensor {
  readonly accepted: readonly Datatype[];
  readonly read: CellReader;
}

/** What a name of the request may stand for: a tensor, or what says which of its elements are null. */
interface Known {
  readonly tensor: CompiledInput;
  readonly isNulls: boolean;
}

/** A tensor of the request that the model knows and whose datatype and shape are right. */
interface Given {
  readonly count: number;
  readonly elements: Elements;
}

interface Reading {
  readonly bytes: Buffer;
  readonly violations: Violation[];
  /** By name; also what was refused, so that nothing else is said of it. */
  readonly given: Map<string, Given | undefined>;
  /** Rows of each table of which a tensor is there. */
  readonly tables: Map<string, Struct[]>;
}

/**
 * The decoder of a model's requests. Absent tensors are absent values; whether one may be absent is for the validation that
 * follows.
 * @returns a function that throws `GatewayError` `invalid_input` with every violation found
 */
export function compileDecodeInputs(
  tensors: readonly InputTensor[],
): (bytes: Uint8Array, request: InferRequest) => Struct {
  const inputs = tensors.map((tensor) => ({
    ...tensor,
    accepted: ACCEPTED[tensor.type.kind],
    read: compileCellReader(tensor.type),
  }));
  const known = new Map<string, Known>();
  for (const tensor of inputs) {
    known.set(tensor.name, { tensor, isNulls: false });
    if (tensor.nulls !== undefined) known.set(tensor.nulls, { tensor, isNulls: true });
  }
  return (bytes, request) => {
    const reading: Reading = {
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      violations: [],
      given: new Map(),
      tables: new Map(),
    };
    takeTensors(request, known, reading);
    const struct = newStruct();
    for (const tensor of inputs) readTensor(tensor, reading, struct);
    for (const [table, rows] of reading.tables) if (rows.length > 0) struct[table] = rows;
    if (reading.violations.length > 0) throw invalidInput(reading.violations);
    return struct;
  };
}

/** Finds out which tensors there are. Their elements are not looked at. */
function takeTensors(request: InferRequest, known: ReadonlyMap<string, Known>, reading: Reading): void {
  const { violations, given } = reading;
  const reader = new WireReader(reading.bytes);
  for (const [index, span] of request.inputs.entries()) {
    const path = `inputs[${index}]`;
    const message = guarded(path, violations, () => readInputTensor(reader, span, path, violations));
    if (message === undefined) continue;
    const { name = "" } = message;
    const found = known.get(name);
    if (found === undefined) report(violations, path, "The model has no input of this name.");
    else if (given.has(name)) report(violations, name, "Was sent twice.");
    else {
      const raw = request.raw[index];
      given.set(
        name,
        guarded(name, violations, () => open(message, raw, found, reading)),
      );
    }
  }
}

/** A tensor, ready to be read. @throws TensorError when its datatype, shape or size is wrong */
function open(
  { datatype = "", shape, contents }: TensorMessage,
  raw: Span | undefined,
  { tensor, isNulls }: Known,
  reading: Reading,
): Given {
  const accepted: readonly Datatype[] = isNulls ? ["BOOL"] : tensor.accepted;
  if (!isDatatype(datatype) || !accepted.includes(datatype)) {
    throw new TensorError(`The datatype must be ${accepted.join(", ")}.`);
  }
  const [count = -1, width = 1] = shape;
  const isShape = Number.isSafeInteger(count) && count >= 0 && width === 1 && shape.length <= 2;
  if (!isShape || (!tensor.isColumn && count !== 1)) {
    throw new TensorError(
      tensor.isColumn ? "The shape must be [n] or [n, 1]." : "The shape must be [1] or [1, 1].",
    );
  }
  if (count > tensor.maxRows) {
    reportTooMany(reading.violations, tensor.within ?? tensor.name, tensor.maxRows);
  }
  const [part, another] = contents;
  if (raw !== undefined) {
    if (part !== undefined && part.to > part.from)
      throw new TensorError("Has contents beside those in raw_input_contents.");
    return { count, elements: rawElements(reading.bytes, raw, datatype, count) };
  }
  if (another !== undefined) throw new TensorError("Has its contents twice.");
  return { count, elements: typedElements(reading.bytes, part ?? NOTHING, datatype, count) };
}

const NOTHING: Span = { from: 0, to: 0 };

function readTensor(tensor: CompiledInput, reading: Reading, into: Struct): void {
  const { name, nulls = name, source } = tensor;
  const { given, violations } = reading;
  const own = given.get(name);
  const ofNulls = nulls === name ? undefined : given.get(nulls);
  if (own === undefined) {
    if (ofNulls !== undefined && !given.has(name)) report(violations, nulls, `Was sent without ${name}.`);
    return;
  }
  if (ofNulls !== undefined && ofNulls.count !== own.count) {
    report(violations, nulls, `Must have as many elements as ${name}.`);
    return;
  }
  const isNull = ofNulls === undefined ? [] : guarded(nulls, violations, () => allOf(ofNulls));
  const records = recordsOf(tensor, own.count, reading, into);
  if (records === undefined || isNull === undefined) return;
  guarded(name, violations, () => {
    for (const [index, record] of records.entries()) {
      const place = { index, isNull: isNull[index] === true };
      const value = readCell(tensor, own.elements, place, violations);
      if (value !== undefined) record[source] = value;
    }
    own.elements.end();
  });
}

function allOf({ count, elements }: Given): readonly Element[] {
  const all = Array.from({ length: count }, () => elements.next());
  elements.end();
  return all;
}

/** The records that hold the values of a tensor: the rows of its table, or the one record that it is a member of. */
function recordsOf(
  { name, isColumn, within }: CompiledInput,
  count: number,
  { tables, violations }: Reading,
  into: Struct,
): readonly Struct[] | undefined {
  if (within === undefined) return [into];
  if (!isColumn) {
    const found = into[within];
    const group = isStruct(found) ? found : newStruct();
    into[within] = group;
    return [group];
  }
  const rows = tables.get(within) ?? Array.from({ length: count }, newStruct);
  tables.set(within, rows);
  if (rows.length === count) return rows;
  report(violations, name, `Must have as many elements as the other columns of ${within}.`);
  return undefined;
}

interface Place {
  readonly index: number;
  readonly isNull: boolean;
}

/** The next value of a tensor; `undefined` for null, whatever stands in its place, and for what was reported. */
function readCell(
  { within, source, isColumn, read }: CompiledInput,
  elements: Elements,
  { index, isNull }: Place,
  violations: Violation[],
): Value | undefined {
  try {
    const element = elements.next();
    return isNull ? undefined : read(element);
  } catch (thrown) {
    if (!(thrown instanceof ElementError)) throw thrown;
    const way = [...(within === undefined ? [] : [within]), ...(isColumn ? [index] : []), source];
    if (!isNull) report(violations, pathOf(way), thrown.message);
    return undefined;
  }
}

/** Does some of the reading; what ends it is reported at `path`, and the result is then `undefined`. */
function guarded<T>(path: string, violations: Violation[], read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof TensorError || thrown instanceof ElementError)
      report(violations, path, thrown.message);
    else if (thrown instanceof MalformedError) report(violations, path, MALFORMED);
    else throw thrown;
    return undefined;
  }
}
