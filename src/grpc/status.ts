/**
 * Errors in gRPC's words: a status code, a text, and `google.rpc.Status` details that a caller's program can read
 * (AIP-193; error_details.proto).
 */
import { status as Status } from "@grpc/grpc-js";
import { RETRYABLE } from "../errors.js";
import type { Code, GatewayError, Violation } from "../errors.js";
import { REQUEST_ID_HEADER } from "../request-id.js";
import { badRequest, errorInfo, retryInfo, writeStatus, type Detail } from "./rich-status.js";

const STATUS_OF = {
  invalid_input: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  permission_denied: Status.PERMISSION_DENIED,
  not_found: Status.NOT_FOUND,
  too_large: Status.RESOURCE_EXHAUSTED,
  unsupported: Status.UNIMPLEMENTED,
  contract_mismatch: Status.FAILED_PRECONDITION,
  overloaded: Status.UNAVAILABLE,
  unavailable: Status.UNAVAILABLE,
  deadline_exceeded: Status.DEADLINE_EXCEEDED,
  artifact_error: Status.INTERNAL,
  output_invalid: Status.INTERNAL,
  worker_lost: Status.INTERNAL,
  internal: Status.INTERNAL,
} as const satisfies Record<Code, Status>;

/**
 * Both travel as HTTP/2 headers. Clients refuse header lists above 8 KiB (Java) or 16 KiB (C core), and then report a
 * size error, which looks as if a retry could help, in place of the real one.
 */
const MAX_DETAILS_BYTES = 4096;
const MAX_MESSAGE_BYTES = 1024;
/** Longest path or text of one violation: one alone must fit the details. */
const MAX_TEXT_BYTES = 512;

/** Domain of `ErrorInfo.reason`, the same for every gateway. */
const DOMAIN = "artifact-gateway";

export interface StatusContext {
  /** Full name of the gRPC service. */
  readonly service: string;
  readonly requestId: string;
  /** Most violations to list. */
  readonly maxViolations: number;
}

/** What the caller of a failed call gets. */
export interface CallStatus {
  readonly code: Status;
  /** The text of the status: at most 1 KiB, well-formed Unicode. */
  readonly details: string;
  /** Trailers beside code and text; names that end in `-bin` carry bytes, at most 4 KiB. */
  readonly trailers: readonly (readonly [name: string, value: string | Buffer])[];
  /** The same as a `google.rpc.Status`, which stands in the trailers too; at most 4 KiB. */
  readonly rich: Buffer;
}

export function errorStatus(error: GatewayError, context: StatusContext): CallStatus {
  const code = STATUS_OF[error.code];
  const details = cutText(describe(error), MAX_MESSAGE_BYTES);
  const retryAfterMs = RETRYABLE[error.code] ? error.retryAfterMs : undefined;
  const pushback = pushbackOf(error, retryAfterMs);
  const rich = encodeDetails(error, code, details, retryAfterMs, context);
  const trailers: CallStatus["trailers"] = [
    [REQUEST_ID_HEADER, context.requestId],
    ...(pushback === undefined ? [] : [["grpc-retry-pushback-ms", String(pushback)] as const]),
    ["grpc-status-details-bin", rich],
  ];
  return { code, details, trailers, rich };
}

/** Milliseconds after which a library may make the call again; -1: never, because `main()` may have acted already. */
function pushbackOf(error: GatewayError, retryAfterMs: number | undefined): number | undefined {
  if (RETRYABLE[error.code] && error.started) return -1;
  return retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs);
}

/** The error's text, with the first violation: many callers log this line and nothing else. */
function describe({ message, violations }: GatewayError): string {
  const [first] = violations;
  if (first === undefined || message.includes(first.message)) return message;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : "";
  return `${message} ${[first.path, first.message].filter((part) => part !== "").join(": ")}${more}`;
}

function encodeDetails(
  error: GatewayError,
  code: Status,
  message: string,
  retryAfterMs: number | undefined,
  context: StatusContext,
): Buffer {
  for (
    let listed = Math.min(error.violations.length, context.maxViolations);
    ;
    listed = Math.floor(listed * 0.9)
  ) {
    const details = [
      reasonOf(error, listed, context),
      ...(listed > 0 ? [violationsOf(error.violations.slice(0, listed))] : []),
      ...(retryAfterMs === undefined ? [] : [retryInfo(Math.ceil(retryAfterMs))]),
    ];
    const bytes = writeStatus(code, message, details);
    if (bytes.length <= MAX_DETAILS_BYTES || listed <= 0) return bytes;
  }
}

function reasonOf(error: GatewayError, listed: number, context: StatusContext): Detail {
  const total = error.violations.length;
  return errorInfo({
    reason: error.code.toUpperCase(),
    domain: DOMAIN,
    metadata: [
      ["service", context.service],
      ["request_id", context.requestId],
      // Tells a caller who wants to try again whether main() may have acted already.
      ["started", String(error.started)],
      ...(listed < total ? [["violations_total", String(total)] as const] : []),
    ],
  });
}

function violationsOf(violations: readonly Violation[]): Detail {
  return badRequest(
    violations.map(({ path, message }) => ({
      field: cutText(path, MAX_TEXT_BYTES),
      description: cutText(message, MAX_TEXT_BYTES),
    })),
  );
}

/**
 * Text of at most `maxBytes` bytes of UTF-8, cut between characters. Half a surrogate pair, which a column's name can
 * hold, is replaced: it cannot be written as a header.
 */
function cutText(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= maxBytes) return bytes.toString("utf8");
  const mark = "...";
  let end = maxBytes - mark.length;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString("utf8", 0, end)}${mark}`;
}
