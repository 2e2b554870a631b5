/** The messages of `EvaluateStream`: what stands around each request and its answer. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Violation } from "../errors.js";
import { MALFORMED } from "./decode-leaf.js";
import { OTHER_TYPE } from "./google-types.js";
import { invalidInput, report } from "./violations.js";
import { MalformedError, WIRE, WireReader, type Span } from "./wire-reader.js";

/** One request of a stream, taken out of its envelope. */
export interface StreamItem {
  /** Absent when the caller gave none. */
  readonly id: string | undefined;
  /** The bytes of an `EvaluateRequest`. */
  readonly request: Uint8Array;
}

/** What became of it. */
export type ItemOutcome =
  /** The bytes of an `EvaluateResponse`. */
  | { readonly response: Uint8Array }
  /** The bytes of a `google.rpc.Status`. */
  | { readonly error: Uint8Array };

/** Longest id, in characters: it is held while the request is worked on, and sent back. */
const LONGEST_ID = 128;

// Numbers of the fields, in both messages (`src/proto/standard-methods.ts`).
const ID = 1;
const BODY = 2;
const ERROR = 3;

/** @throws GatewayError `invalid_input` */
export function readStreamItem(bytes: Uint8Array): StreamItem {
  const violations: Violation[] = [];
  const reader = new WireReader(bytes);
  const parts: Span[] = [];
  let id: string | undefined;
  try {
    while (reader.at < bytes.length) {
      const tag = reader.tag();
      if (tag === ((ID << 3) | WIRE.lengthDelimited)) {
        id = reader.text();
        if (id === undefined) report(violations, "id", "Must be UTF-8.");
        else if (id.length > LONGEST_ID)
          report(violations, "id", `Must not be longer than ${LONGEST_ID} characters.`);
      } else if (tag === ((BODY << 3) | WIRE.lengthDelimited)) {
        parts.push(reader.span());
      } else {
        // As in the request itself: a field of another type is a fault, and not unknown.
        if (tag >>> 3 === ID) report(violations, "id", OTHER_TYPE);
        if (tag >>> 3 === BODY) report(violations, "request", OTHER_TYPE);
        reader.skip(tag);
      }
    }
    // Each of several parts has to be a message by itself; one alone is read later.
    if (parts.length > 1) parts.forEach((part) => reader.skipMessage(part));
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    report(violations, "", MALFORMED);
  }
  const [request, ...more] = parts.map(({ from, to }) => reader.bytes.subarray(from, to));
  if (violations.length === 0 && request === undefined)
    report(violations, "request", "This value is required.");
  if (violations.length > 0 || request === undefined) throw invalidInput(violations);
  // A message that is sent in parts is the parts one after the other (protobuf.dev, "Last One Wins").
  return { id, request: more.length === 0 ? request : Buffer.concat([request, ...more]) };
}

export function writeStreamAnswer(id: string | undefined, outcome: ItemOutcome): Uint8Array {
  const writer = new BinaryWriter();
  if (id !== undefined) writer.tag(ID, WireType.LengthDelimited).string(id);
  if ("response" in outcome) writer.tag(BODY, WireType.LengthDelimited).bytes(outcome.response);
  else writer.tag(ERROR, WireType.LengthDelimited).bytes(outcome.error);
  return writer.finish();
}
