/** What a fault about WS-Addressing says of the header block that is wrong (SOAP Binding section 6). */
import type { SoapVersion } from "../../contract/soap-names.js";
import type { GatewayError } from "../../errors.js";
import { element } from "../../xml-printer.js";
import { WSA } from "../../namespaces.js";
import { ADDRESSING_PREFIX } from "./names.js";
import { refusalKind, SoapRefusal } from "../fault/refusals.js";

/** Both as XML, and empty where there is nothing to say. */
interface ProblemHeaders {
  readonly detail: string;
  readonly headerBlocks: string;
}

const NOTHING: ProblemHeaders = { detail: "", headerBlocks: "" };

/**
 * The block by its name, never with what it holds. In SOAP 1.2 that is the detail; in SOAP 1.1 a fault about a header must
 * not have one, so it stands in a header block of the fault.
 */
export function problemHeaders(error: GatewayError, version: SoapVersion): ProblemHeaders {
  if (!(error instanceof SoapRefusal) || refusalKind(error)?.about !== "addressing") return NOTHING;
  const declared = { [`xmlns:${ADDRESSING_PREFIX}`]: WSA };
  const detail = error.headers
    .map(({ local }) => element("wsa:ProblemHeaderQName", `${ADDRESSING_PREFIX}:${local}`, declared))
    .join("");
  if (detail === "") return NOTHING;
  return version === "1.1"
    ? { detail: "", headerBlocks: element("wsa:FaultDetail", detail, declared) }
    : { detail, headerBlocks: "" };
}
