/** Failures as SOAP faults: which code and which HTTP status each one has, and what its detail says. */
import { FAULT_LENGTHS } from "../../contract/fault-lengths.js";
import { faultName, type SoapVersion } from "../../contract/soap-names.js";
import type { Service } from "../../contract/model.js";
import type { Code, GatewayError } from "../../errors.js";
import { HttpRefusal } from "../../http/http-refusal.js";
import { element, escapeText } from "../../xml-printer.js";
import { problemHeaders } from "../addressing/problem-headers.js";
import { FAULT_PRINTERS } from "./fault-envelope.js";
import { describeFault, fitText, type FaultText } from "./fault-text.js";
import { refusalKind, SoapRefusal, type FaultKind } from "./refusals.js";
import { xmlHeaders } from "../rules.js";
import type { XmlName } from "../xml/xml-reader.js";

/** SOAP 1.2 part 2, table 20: what the sender has to mend is 400. */
const SENDER_STATUS = 400;

const CLIENT = { faultcode: "Client", status: 500 } as const satisfies FaultKind;
const SERVER = { faultcode: "Server", status: 500 } as const satisfies FaultKind;

export const FAULTS = {
  invalid_input: CLIENT,
  unauthenticated: { faultcode: "Client", status: 401 },
  permission_denied: CLIENT,
  not_found: CLIENT,
  too_large: CLIENT,
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

/** What a fault has to fit. */
export interface FaultOptions {
  readonly service: Service;
  readonly requestId: string;
  /** Absent: 1.1. */
  readonly version?: SoapVersion;
  /** Absent: ASCII. */
  readonly text?: FaultText;
  /** Of the message, as XML. Absent or empty: it has none. */
  readonly headerBlocks?: string;
}

export interface FaultReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The envelope, for UTF-8. */
  readonly body: string;
}

/** Most header blocks that a fault names, and the longest of their names and namespaces: the words are the caller's. */
const MAX_NOT_UNDERSTOOD = 20;
const MAX_NAME = 255;

/** The reply to a call that failed: our own text, the code, the place and the request id; nothing of the cause. */
export function printFault(error: GatewayError, options: FaultOptions): FaultReply {
  const { version: asked = "1.1", text = "ascii", headerBlocks = "" } = options;
  const refusal = refusalKind(error);
  const refused = error instanceof HttpRefusal ? error : undefined;
  const { faultcode, ...kind } = refusal ?? FAULTS[error.code];
  const status = refused?.status ?? kind.status;
  const version = error instanceof SoapRefusal && error.reason === "older_version" ? "1.1" : asked;
  const problem = problemHeaders(error, version);
  const isAboutBody = refusal === undefined || refusal.about === "body";
  const body = FAULT_PRINTERS[version]({
    code: faultcode,
    subcodes: refusal?.subcodes ?? [],
    reason: escapeText(fitText(describeFault(error), FAULT_LENGTHS.reason, text)),
    detail: isAboutBody ? printDetail(error, options, text) : problem.detail,
    headerBlocks: headerBlocks + problem.headerBlocks,
    notUnderstood: faultcode === "MustUnderstand" ? notUnderstood(error) : [],
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

/** No longer and in no other order than the WSDL declares it. */
function printDetail(error: GatewayError, { service, requestId }: FaultOptions, text: FaultText): string {
  const path = error.violations[0]?.path ?? "";
  const row = /\[(\d+)\]/.exec(path)?.[1];
  const part = (name: Exclude<keyof typeof FAULT_LENGTHS, "reason">, content: string): string =>
    element(name, escapeText(fitText(content, FAULT_LENGTHS[name], text)));
  const parts = [
    part("code", error.code),
    part("message", describeFault(error)),
    path === "" ? "" : part("path", path),
    row === undefined ? "" : element("row", row),
    part("requestId", requestId),
  ];
  return element(faultName(service), parts.join(""), { xmlns: service.namespace });
}

function notUnderstood(error: GatewayError): readonly XmlName[] {
  if (!(error instanceof SoapRefusal)) return [];
  return error.headers
    .filter(({ uri, local }) => uri.length <= MAX_NAME && local.length <= MAX_NAME)
    .slice(0, MAX_NOT_UNDERSTOOD);
}
