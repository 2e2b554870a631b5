/**
 * The `soap` package behind two replaced seams: it binds the WSDL, dispatches by the payload's name and writes the
 * envelope; it gets no byte, header or URL of a request. All of that is the same for every call, so it happens once,
 * at start, and the envelope it wrote is used for every reply (docs/decisions/0004-soap-package-binds-at-start.md).
 * The seams are not documented: the version is pinned, and the start fails when they are gone.
 */
import { Server, WSDL } from "soap";
import type { Around } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import {
  soapOperations,
  soapPort,
  soapVersionPath,
  type SoapOperation,
  type SoapVersion,
} from "../contract/soap-names.js";
import { element } from "../xml-printer.js";
import { SOAP_RULES } from "./rules.js";

export interface Binding {
  /** The reply envelope around the payload of a reply and its header blocks, given as XML text. */
  wrap(payload: string, headerBlocks?: string): string;
  /** The same envelope without its payload. */
  around(headerBlocks?: string): Around;
}

/** What an envelope without header blocks has before its payload. */
const BODY_TAG = "<soapenv:Body>";

/** Two payloads, each with what a printer could be tempted to change. */
const PROBES = [
  element("probe", "&lt;1&#13;", { xmlns: "urn:probe" }),
  element("other", " \u00e9\n"),
] as const;

/**
 * Binds the WSDL of a service and has the package answer each of its operations.
 * @throws Error when the `soap` package cannot read the WSDL, does not dispatch an operation, or does not put a
 * payload unchanged into the body of an envelope of the version
 */
export async function createBinding(
  service: Service,
  wsdl: string,
  version: SoapVersion = "1.1",
): Promise<Binding> {
  const definition = await readWsdl(wsdl, version);
  const [before = "", after = "", ...more] = (
    await answerWith(definition, service, service.operation, version)(PROBES[0])
  ).split(PROBES[0]);
  let constant = more.length === 0 && isEnvelope(before, after, version);
  for (const operation of soapOperations(service)) {
    const answer = answerWith(definition, service, operation, version);
    for (const probe of PROBES) constant &&= (await answer(probe)) === before + probe + after;
  }
  if (!constant) {
    throw new Error(
      "The installed version of the `soap` package does not dispatch through the seams that this gateway replaces. " +
        "Install the version that package.json pins.",
    );
  }
  const start = before.slice(0, -BODY_TAG.length);
  const plain = { before, after };
  const around = (headerBlocks = ""): Around =>
    headerBlocks === ""
      ? plain
      : { before: start + element("soapenv:Header", headerBlocks) + BODY_TAG, after };
  return {
    around,
    wrap(payload, headerBlocks) {
      const envelope = around(headerBlocks);
      return envelope.before + payload + envelope.after;
    },
  };
}

function readWsdl(wsdl: string, version: SoapVersion): Promise<WSDL> {
  return new Promise((resolve, reject) => {
    const definition = new WSDL(wsdl, "", { forceSoap12Headers: version === "1.2" });
    definition.onReady((error: Error | null | undefined) => {
      if (error) reject(error);
      else resolve(definition);
    });
  });
}

/** The package's server for one operation, as a function from the payload of a reply to its envelope. */
function answerWith(
  definition: WSDL,
  service: Service,
  { name }: SoapOperation,
  version: SoapVersion,
): (payload: string) => Promise<string> {
  // First seam: instead of parsing request text, the package is told what is in the body.
  const xmlToObject = (payload: string): unknown => ({ Body: { [name]: { payload } } });
  // Second seam: a method that answers `_xml` gives finished text, which the package puts into the envelope as it is.
  const methods = { [name]: ({ payload }: { payload: string }) => ({ _xml: payload }) };
  const path = soapVersionPath(service, version);
  const services = { [service.name]: { [soapPort(service, version)]: methods } };
  const server = new Server(null, path, services, definition, {
    path,
    services,
    envelopeKey: "soapenv",
    suppressStack: true,
  });
  return async (payload) => {
    definition.xmlToObject = xmlToObject;
    const { statusCode, body } = await server.processRequest(payload);
    return statusCode === 200 ? body : "";
  };
}

function isEnvelope(before: string, after: string, version: SoapVersion): boolean {
  const start =
    /^<\?xml version="1\.0" encoding="utf-8"\?><soapenv:Envelope xmlns:soapenv="([^"]*)"[^<>]*><soapenv:Body>$/;
  return (
    start.exec(before)?.[1] === SOAP_RULES[version].namespace &&
    after === "</soapenv:Body></soapenv:Envelope>"
  );
}
