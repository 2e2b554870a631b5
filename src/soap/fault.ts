/** Failures as SOAP faults: which code and which HTTP status each one has, and what its detail says. */
import { faultName, type SoapVersion } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import { GatewayError, type Code } from "../errors.js";
import { HttpRefusal } from "../http/http-refusal.js";
import { element, escapeText, toXmlText } from "../xml-printer.js";
import { FAULT_PRINTERS, type FaultCode } from "./fault-envelope.js";
import { xmlHeaders } from "./rules.js";

interface FaultKind {
  /** In the words of SOAP 1.1. */
  readonly faultcode: FaultCode;
  /**
   * WS-I R1126: a fault is 500, with a `Retry-After` beside it where the call may be repeated; many clients do not
   * look for a fault under 503. Other numbers only where HTTP itself, not the service, has the last word.
   */
  readonly status: number;
}

/** SOAP 1.2 part 2, table 20: what the sender has to mend is 400. */
const SENDER_STATUS = 400;

const CLIENT = { faultcode: "Client", status: 500 } as const satisfies FaultKind;
const SERVER = { faultcode: "Server", status: 500 } as const satisfies FaultKind;

export const FAULTS = {
  invalid_input: CLIENT,
  unauthenticated: { faultcode: "Client", status: 401 },
  permission_denied: CLIENT,
  not_found: CLIENT,
  too_large: { faultcode: "Client", status: 413 },
  unsupported: CLIENT,
  contract_mismatch: CLIENT,
  overloaded: SERVER,
  unavailable: SERVER,
  deadline_exceeded: SERVER,
  artifact_error: SERVER,
  output_invalid: SERVER,
  worker_lost: SERVER,
  internal: SERVER,
} as const satisfies Record<Code, FaultKind>;

/** What `unsupported` is called where SOAP or HTTP has a word of its own for it. */
const REFUSALS = {
  media_type: { faultcode: "Client", status: 415 },
  version: { faultcode: "VersionMismatch", status: 500 },
  /** SOAP 1.2 part 1, appendix A: who sent SOAP 1.1 is told so in SOAP 1.1. */
  older_version: { faultcode: "VersionMismatch", status: 500 },
  must_understand: { faultcode: "MustUnderstand", status: 500 },
} as const satisfies Record<string, FaultKind>;

/** An `unsupported` for one of the reasons that SOAP or HTTP tells apart. */
export class SoapRefusal extends GatewayError {
  constructor(
    readonly reason: keyof typeof REFUSALS,
    message: string,
  ) {
    super("unsupported", message);
  }
}

export interface FaultReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The envelope, for UTF-8. */
  readonly body: string;
}

const MAX_FAULTSTRING = 255;
const MAX_MESSAGE = 1000;

/**
 * The reply to a call that failed: our own text, the code, the place and the request id; nothing of the cause.
 * @param headerBlocks of the message, as XML; empty: it has none
 */
export function printFault(
  error: GatewayError,
  requestId: string,
  service: Service,
  asked: SoapVersion = "1.1",
  headerBlocks = "",
): FaultReply {
  const reason = error instanceof SoapRefusal ? error.reason : undefined;
  const refused = error instanceof HttpRefusal ? error : undefined;
  const { faultcode, status }: FaultKind = {
    ...(reason === undefined ? FAULTS[error.code] : REFUSALS[reason]),
    ...(refused === undefined ? {} : { status: refused.status }),
  };
  const version = reason === "older_version" ? "1.1" : asked;
  const message = describe(error);
  const body = FAULT_PRINTERS[version]({
    code: faultcode,
    reason: escapeText(shorten(toAscii(message), MAX_FAULTSTRING)),
    detail: concernsHeader(faultcode) ? "" : printDetail(error, message, requestId, service),
    headerBlocks,
    offersSoap12: asked === "1.2" && faultcode === "VersionMismatch",
  });
  const retryAfter =
    error.retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(error.retryAfterMs / 1000));
  const isSenders = version === "1.2" && faultcode === "Client" && status === CLIENT.status;
  return {
    status: isSenders ? SENDER_STATUS : status,
    headers: {
      ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
      ...refused?.headers,
      ...xmlHeaders(version),
    },
    body,
  };
}

/** SOAP 1.1 section 4.4: a detail says that the body was at fault, so a fault about a header must not have one. */
function concernsHeader(code: FaultCode): boolean {
  return code === "MustUnderstand" || code === "VersionMismatch";
}

function printDetail(error: GatewayError, message: string, requestId: string, service: Service): string {
  const path = error.violations[0]?.path ?? "";
  const row = /\[(\d+)\]/.exec(path)?.[1];
  const parts = [
    element("code", error.code),
    element("message", escapeText(shorten(toXmlText(message), MAX_MESSAGE))),
    path === "" ? "" : element("path", escapeText(shorten(toXmlText(path), MAX_FAULTSTRING))),
    row === undefined ? "" : element("row", row),
    element("requestId", escapeText(requestId)),
  ];
  return element(faultName(service), parts.join(""), { xmlns: service.namespace });
}

/** One line: the error's text, then each violation with its place. */
function describe(error: GatewayError): string {
  const violations = error.violations.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  const started = error.started && error.code !== "artifact_error" ? ["The decision had been started."] : [];
  return [error.message, ...violations, ...started].join(" ");
}

/** Callers keep the text in a fixed field of a code page of their own: printable ASCII is in all of them. */
function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, "?");
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // Cutting between the halves of a surrogate pair would leave a character that XML cannot carry.
  return `${text.slice(0, length - 3).replace(/[\uD800-\uDBFF]$/, "")}...`;
}
