/**
 * The head of a `ModelInferRequest`: who shall answer, how, and where the tensors stand. Nothing of a tensor is read here, so
 * that the size of a request does not matter; protobuf-es would make an object of each of two million empty tensors.
 */
import type { Violation } from "../errors.js";
import { invalidInput, report, reportTooMany } from "../grpc/violations.js";
import { MalformedError, WIRE, WireReader, type Span } from "../grpc/wire-reader.js";
import { readParameter, type Schedule } from "./parameters.js";

export interface InferRequest {
  readonly modelName: string;
  /** Empty: whichever there is. */
  readonly modelVersion: string;
  /** Empty: none. */
  readonly id: string;
  readonly schedule: Schedule;
  /** Messages `InferInputTensor`. */
  readonly inputs: readonly Span[];
  /** Messages `InferRequestedOutputTensor`. */
  readonly outputs: readonly Span[];
  /** Raw contents; either none, or one for each input. */
  readonly raw: readonly Span[];
}

/** What is said of bytes that are no protobuf message. */
export const MALFORMED = "Is not a well-formed protobuf message.";

/** Fields of `ModelInferRequest` whose wire type is always that of bytes. */
const MODEL_NAME = 1;
const MODEL_VERSION = 2;
const ID = 3;
const PARAMETERS = 4;
const INPUTS = 5;
const OUTPUTS = 6;
const RAW = 7;

const MOST_PARAMETERS = 100;
/** Characters of an `id`, as in a stream of the generated service. */
const LONGEST_ID = 128;

/**
 * Reads the head of a request.
 * @param mostTensors that any model has: a request with more is refused before they are counted
 * @throws GatewayError `invalid_input`
 */
export function readInferRequest(bytes: Uint8Array, mostTensors: number): InferRequest {
  const violations: Violation[] = [];
  const reader = new WireReader(bytes);
  const texts = { [MODEL_NAME]: "", [MODEL_VERSION]: "", [ID]: "" };
  const spans: Record<typeof INPUTS | typeof OUTPUTS | typeof RAW | typeof PARAMETERS, Span[]> = {
    [PARAMETERS]: [],
    [INPUTS]: [],
    [OUTPUTS]: [],
    [RAW]: [],
  };
  try {
    while (reader.at < bytes.length) {
      const tag = reader.tag();
      const field = tag >>> 3;
      if ((tag & 7) !== WIRE.lengthDelimited) reader.skip(tag);
      else if (field === MODEL_NAME || field === MODEL_VERSION || field === ID) {
        const text = reader.text();
        if (text === undefined) report(violations, NAMES[field], "Must be UTF-8 text.");
        texts[field] = text ?? "";
      } else if (field === INPUTS || field === OUTPUTS || field === RAW || field === PARAMETERS) {
        const most = field === PARAMETERS ? MOST_PARAMETERS : mostTensors;
        if (spans[field].push(reader.span()) > most) reportTooMany(violations, NAMES[field], most);
      } else reader.skip(tag);
    }
    const context = { path: NAMES[PARAMETERS], violations };
    let schedule: Schedule = { timeoutMs: undefined, urgency: undefined };
    for (const entry of spans[PARAMETERS]) {
      schedule = readParameter("request", reader, entry, { ...context, schedule });
    }
    if (texts[ID].length > LONGEST_ID) {
      report(violations, NAMES[ID], `Must have at most ${LONGEST_ID} characters.`);
    }
    const { [INPUTS]: inputs, [OUTPUTS]: outputs, [RAW]: raw } = spans;
    if (raw.length > 0 && raw.length !== inputs.length) {
      report(violations, NAMES[RAW], "Must have one entry for each input, or none at all.");
    }
    if (violations.length > 0) throw invalidInput(violations);
    const { [MODEL_NAME]: modelName, [MODEL_VERSION]: modelVersion, [ID]: id } = texts;
    return { modelName, modelVersion, id, schedule, inputs, outputs, raw };
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    throw invalidInput([...violations, { path: "", message: MALFORMED }]);
  }
}

const NAMES = {
  [MODEL_NAME]: "model_name",
  [MODEL_VERSION]: "model_version",
  [ID]: "id",
  [PARAMETERS]: "parameters",
  [INPUTS]: "inputs",
  [OUTPUTS]: "outputs",
  [RAW]: "raw_input_contents",
} as const;
