/**
 * The `soap` package behind two replaced seams: it binds the WSDL, dispatches by the payload's name and writes the
 * envelope; it gets no byte, header or URL of a request. All of that is the same for every call, so it happens once,
 * at start, and the envelope it wrote is used for every reply (docs/decisions/0004-soap-package-binds-at-start.md).
 * The seams are not documented: the version is pinned, and the start fails when they are gone.
 */
import { Server, WSDL } from "soap";
import { soapPath, type Service } from "../contract/model.js";
import { soapPort } from "../contract/soap-names.js";
import { element } from "../xml-printer.js";
import { ENVELOPE_NAMESPACE } from "./envelope.js";

export interface Binding {
  /** The reply envelope around the payload of a reply, given as XML text. */
  wrap(payload: string): string;
}

/** Two payloads, each with what a printer could be tempted to change. */
const PROBES = [
  element("probe", "&lt;1&#13;", { xmlns: "urn:probe" }),
  element("other", " \u00e9\n"),
] as const;

/**
 * Binds the WSDL of a service and has the package answer its operation.
 * @throws Error when the `soap` package cannot read the WSDL, does not dispatch the operation, or does not put a
 * payload unchanged into the body of a SOAP 1.1 envelope
 */
export async function createBinding(service: Service, wsdl: string): Promise<Binding> {
  const answer = answerWith(await readWsdl(wsdl), service);
  const [envelope, other] = [await answer(PROBES[0]), await answer(PROBES[1])];
  const [before = "", after = "", ...more] = envelope.split(PROBES[0]);
  const constant = more.length === 0 && other === before + PROBES[1] + after;
  if (!constant || !isEnvelope(before, after)) {
    throw new Error(
      "The installed version of the `soap` package does not dispatch through the seams that this gateway replaces. " +
        "Install the version that package.json pins.",
    );
  }
  return { wrap: (payload) => before + payload + after };
}

function readWsdl(wsdl: string): Promise<WSDL> {
  return new Promise((resolve, reject) => {
    const definition = new WSDL(wsdl, "", {});
    definition.onReady((error: Error | null | undefined) => {
      if (error) reject(error);
      else resolve(definition);
    });
  });
}

/** The package's server for the service, as a function from the payload of a reply to its envelope. */
function answerWith(definition: WSDL, service: Service): (payload: string) => Promise<string> {
  const { name } = service.operation;
  // First seam: instead of parsing request text, the package is told what is in the body.
  definition.xmlToObject = (payload: string) => ({ Body: { [name]: { payload } } });
  // Second seam: a method that answers `_xml` gives finished text, which the package puts into the envelope as it is.
  const methods = { [name]: ({ payload }: { payload: string }) => ({ _xml: payload }) };
  const path = soapPath(service);
  const services = { [service.name]: { [soapPort(service)]: methods } };
  const server = new Server(null, path, services, definition, {
    path,
    services,
    envelopeKey: "soapenv",
    suppressStack: true,
  });
  return async (payload) => {
    const { statusCode, body } = await server.processRequest(payload);
    return statusCode === 200 ? body : "";
  };
}

function isEnvelope(before: string, after: string): boolean {
  const start =
    /^<\?xml version="1\.0" encoding="utf-8"\?><soapenv:Envelope xmlns:soapenv="([^"]*)"[^<>]*><soapenv:Body>$/;
  return start.exec(before)?.[1] === ENVELOPE_NAMESPACE && after === "</soapenv:Body></soapenv:Envelope>";
}
