/** One `InferInputTensor`, without its elements, and one requested output. */
import type { Violation } from "../errors.js";
import { report } from "../grpc/violations.js";
import { WIRE, type Span, type WireReader } from "../grpc/wire-reader.js";
import { readParameter } from "./parameters.js";

export interface TensorMessage {
  /** `undefined` where it is not UTF-8. */
  readonly name: string | undefined;
  readonly datatype: string | undefined;
  /** As sent, at most `MOST_DIMENSIONS` of it; a size beyond 53 bits is only known to be too large. */
  readonly shape: readonly number[];
  /** The messages `InferTensorContents`. */
  readonly contents: readonly Span[];
}

/** One more than any tensor here has. */
const MOST_DIMENSIONS = 3;
/** One more than is read: protobuf would have them joined, but nobody sends them so. */
const MOST_CONTENTS = 2;
const MOST_PARAMETERS = 20;

const NAME = 1;
const DATATYPE = 2;
const SHAPE = 3;
const CONTENTS = 5;
const PARAMETERS = { input: 4, output: 2 } as const;

/**
 * @param path where the tensor stands in the request, for violations
 * @throws MalformedError, GatewayError `invalid_input`
 */
export function readInputTensor(
  reader: WireReader,
  span: Span,
  path: string,
  violations: Violation[],
): TensorMessage {
  let name: string | undefined = "";
  let datatype: string | undefined = "";
  const shape: number[] = [];
  const contents: Span[] = [];
  let parameters = 0;
  reader.turnTo(span);
  while (reader.at < span.to) {
    const tag = reader.tag();
    const field = tag >>> 3;
    const isBytes = (tag & 7) === WIRE.lengthDelimited;
    if (field === NAME && isBytes) name = reader.text();
    else if (field === DATATYPE && isBytes) datatype = reader.text();
    else if (field === SHAPE && isBytes) readShape(reader, reader.span(), span, shape);
    else if (field === SHAPE && (tag & 7) === WIRE.varint) addDimension(reader, shape);
    else if (field === CONTENTS && isBytes) {
      const part = reader.span();
      if (contents.length < MOST_CONTENTS) contents.push(part);
    } else if (field === PARAMETERS.input && isBytes) {
      readTensorParameter(reader, span, path, violations, (parameters += 1));
    } else reader.skip(tag);
  }
  return { name, datatype, shape, contents };
}

/** The name of an `InferRequestedOutputTensor`; `undefined` where it is not UTF-8. @throws like `readInputTensor` */
export function readRequestedOutput(
  reader: WireReader,
  span: Span,
  path: string,
  violations: Violation[],
): string | undefined {
  let name: string | undefined = "";
  let parameters = 0;
  reader.turnTo(span);
  while (reader.at < span.to) {
    const tag = reader.tag();
    if (tag === ((NAME << 3) | WIRE.lengthDelimited)) name = reader.text();
    else if (tag === ((PARAMETERS.output << 3) | WIRE.lengthDelimited)) {
      readTensorParameter(reader, span, path, violations, (parameters += 1));
    } else reader.skip(tag);
  }
  return name;
}

function readTensorParameter(
  reader: WireReader,
  within: Span,
  path: string,
  violations: Violation[],
  count: number,
): void {
  const entry = reader.span();
  if (count <= MOST_PARAMETERS) readParameter("tensor", reader, entry, { path, violations });
  else if (count === MOST_PARAMETERS + 1) report(violations, path, "Has too many parameters.");
  reader.turnTo({ from: entry.to, to: within.to });
}

function readShape(reader: WireReader, packed: Span, within: Span, shape: number[]): void {
  reader.turnTo(packed);
  while (reader.at < packed.to) addDimension(reader, shape);
  reader.turnTo({ from: packed.to, to: within.to });
}

function addDimension(reader: WireReader, shape: number[]): void {
  const size = reader.int64AsNumber();
  if (shape.length < MOST_DIMENSIONS) shape.push(size);
}
