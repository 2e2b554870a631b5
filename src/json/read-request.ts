/** The body of a request to the inputs it carries. */
import { invalidInput } from "../call/check-inputs.js";
import type { Message } from "../contract/model.js";
import { GatewayError, type Violation } from "../errors.js";
import { MOST_VIOLATIONS } from "../limits.js";
import { readJson } from "../strict-json.js";
import { readUtf8 } from "../utf8.js";
import type { Struct } from "../values.js";
import { structFromJson, type ViolationSink } from "./decode.js";

/** @throws GatewayError `invalid_input` with every violation found, and never with anything of the body but names of members */
export type RequestReader = (body: Uint8Array) => Struct;

/**
 * Compiles the reader of a request: JSON of RFC 8259, with I-JSON's rules (RFC 7493, section 2): UTF-8 without half surrogate
 * pairs, and no member twice.
 * @param maxViolations how many are listed
 */
export function createRequestReader(request: Message, maxViolations: number): RequestReader {
  return (body) => {
    const violations: Violation[] = [];
    const sink: ViolationSink = {
      push(violation) {
        violations.push(violation);
        if (violations.length >= MOST_VIOLATIONS) throw invalidInput(violations, maxViolations);
      },
    };
    const json = readJson(textOf(body), {
      twice: (path) => sink.push({ path, message: "The object has this member twice." }),
      syntax: (expected, at) =>
        refusal(`The body is not valid JSON at character ${at + 1}: expected ${expected}.`),
      tooDeep: (levels) => refusal(`The body is nested deeper than ${levels} levels.`),
    });
    const inputs = structFromJson(request, json, "", sink);
    if (violations.length > 0) throw invalidInput(violations, maxViolations);
    return inputs;
  };
}

function textOf(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const text = readUtf8(bytes, 0, bytes.length);
  if (text === undefined) throw refusal("The body is not UTF-8.");
  // RFC 8259, section 8.1: it must not be sent, and whoever takes it has not read the same bytes as who does not.
  if (text.startsWith("\uFEFF"))
    throw refusal("The body begins with a byte order mark: send it without one.");
  return text;
}

function refusal(message: string): GatewayError {
  return new GatewayError("invalid_input", message, { violations: [{ path: "", message }] });
}
