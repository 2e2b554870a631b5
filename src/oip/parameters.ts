/**
 * Parameters of a request and of its tensors. The protocol defines none; those that are known here are of Triton's schedule
 * policy extension, and hints of form that the clients of MLServer and KServe send along. Others are refused: each of them asks for another answer than
 * it would get (classification, shared memory, sequences), and a caller who is not told takes the one for the other.
 */
import { URGENCIES, type Urgency } from "../call/flow.js";
import type { Violation } from "../errors.js";
import { report } from "../grpc/violations.js";
import { WIRE, type Span, type WireReader } from "../grpc/wire-reader.js";

/** What an `InferParameter` holds; `undefined` for one that is empty, or of a form that is no value here. */
type ParameterValue = boolean | bigint | string | undefined;

/** What a caller asks for beside the inference itself. */
export interface Schedule {
  /** Milliseconds the call may take; `undefined` when the parameters do not say. */
  readonly timeoutMs: number | undefined;
  readonly urgency: Urgency | undefined;
}

const NO_SCHEDULE: Schedule = { timeoutMs: undefined, urgency: undefined };

/** Forms of content that are read here in any case; others, such as `base64`, would change what the bytes mean. */
const CONTENT_TYPES: ReadonlySet<ParameterValue> = new Set(["np", "pd", "str", "datetime"]);

/** Reads one value of a known parameter, or says what is wrong with it. */
type Reader = (value: ParameterValue, schedule: Schedule) => Schedule | string;

const readContentType: Reader = (value, schedule) =>
  CONTENT_TYPES.has(value) ? schedule : "The content_type must be np, pd, str or datetime.";

/** Says what the contents show by themselves: their length, or whether they are raw. */
const readHint: Reader = (_value, schedule) => schedule;

const OF_TENSOR: ReadonlyMap<string | undefined, Reader> = new Map([
  ["content_type", readContentType],
  ["binary_data_size", readHint],
  ["binary_data", readHint],
]);

const OF_REQUEST: ReadonlyMap<string | undefined, Reader> = new Map<string | undefined, Reader>([
  ["content_type", readContentType],
  // In microseconds; 0 is none.
  [
    "timeout",
    (value, schedule) => {
      if (typeof value !== "bigint" || value < 0n) return "The timeout must be a number of microseconds.";
      return value === 0n ? schedule : { ...schedule, timeoutMs: Number(value) / 1000 };
    },
  ],
  // 1 is the most urgent; 0 is none.
  [
    "priority",
    (value, schedule) => {
      if (typeof value !== "bigint" || value < 0n) return "The priority must be a whole number from 0 on.";
      if (value === 0n) return schedule;
      return { ...schedule, urgency: URGENCIES[value > 7n ? 7 : Number(value) - 1] };
    },
  ],
  ["binary_data_output", readHint],
]);

/** Whose parameters they are. */
const KNOWN = { request: OF_REQUEST, tensor: OF_TENSOR } as const;

/**
 * Reads one entry of a map of parameters into what the ones before it have asked for.
 * @param path of the map, for violations
 * @throws MalformedError, GatewayError `invalid_input`
 */
export function readParameter(
  whose: keyof typeof KNOWN,
  reader: WireReader,
  entry: Span,
  { path, violations, schedule = NO_SCHEDULE }: ParameterContext,
): Schedule {
  const { name, value } = readEntry(reader, entry);
  const read = KNOWN[whose].get(name);
  const known = [...KNOWN[whose].keys()].join(", ");
  const result = read?.(value, schedule) ?? `A parameter is not known here. Known: ${known}.`;
  if (typeof result !== "string") return result;
  report(violations, path, result);
  return schedule;
}

export interface ParameterContext {
  readonly path: string;
  readonly violations: Violation[];
  readonly schedule?: Schedule;
}

/** Fields of a map entry, and of `InferParameter`. */
const KEY = 1;
const VALUE = 2;
const BOOL_PARAM = 1;
const INT64_PARAM = 2;
const STRING_PARAM = 3;
const UINT64_PARAM = 5;

function readEntry(reader: WireReader, entry: Span): { name: string | undefined; value: ParameterValue } {
  let name: string | undefined;
  let value: ParameterValue;
  reader.turnTo(entry);
  while (reader.at < entry.to) {
    const tag = reader.tag();
    if (tag === ((KEY << 3) | WIRE.lengthDelimited)) name = reader.text();
    else if (tag === ((VALUE << 3) | WIRE.lengthDelimited)) {
      const span = reader.span();
      reader.turnTo(span);
      value = readValue(reader, span);
      reader.turnTo({ from: span.to, to: entry.to });
    } else reader.skip(tag);
  }
  return { name, value };
}

function readValue(reader: WireReader, { to }: Span): ParameterValue {
  let value: ParameterValue;
  while (reader.at < to) {
    const tag = reader.tag();
    if (tag === ((BOOL_PARAM << 3) | WIRE.varint)) value = reader.bool();
    else if (tag === ((INT64_PARAM << 3) | WIRE.varint)) value = reader.int64();
    else if (tag === ((STRING_PARAM << 3) | WIRE.lengthDelimited)) value = reader.text();
    else if (tag === ((UINT64_PARAM << 3) | WIRE.varint)) value = BigInt.asUintN(64, reader.int64());
    else reader.skip(tag);
  }
  return value;
}
