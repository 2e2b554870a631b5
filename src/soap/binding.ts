/**
 * The `soap` package behind two replaced seams: it binds the WSDL, dispatches by the payload's name and writes the
 * envelope, while the reading before it and the printing after it are ours. It gets no byte, header or URL of a
 * request. The seams are not documented, so the version is pinned and `createBinding` tries them before any call.
 */
import { Server, WSDL } from "soap";
import { soapPath, type Service } from "../contract/model.js";
import { soapPort } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";
import { element } from "../xml-printer.js";

export interface Binding {
  /**
   * Dispatches one request by the name of its payload element.
   * @param work makes the payload of the reply, as XML text; what it throws is thrown unchanged
   * @returns the reply envelope
   */
  dispatch(payloadName: string, work: () => Promise<string>): Promise<string>;
}

/** What waits, under a ticket of ours, while its request goes through the package. */
interface Pending {
  readonly payloadName: string;
  run(): Promise<{ readonly _xml: string }>;
}

const FAILED = "<failed/>";

/**
 * Binds the WSDL of a service.
 * @throws Error when the `soap` package cannot read the WSDL or no longer uses the seams
 */
export async function createBinding(service: Service, wsdl: string): Promise<Binding> {
  const pending = new Map<string, Pending>();
  let tickets = 0;

  const definition = await readWsdl(wsdl);
  // First seam: instead of parsing request text, the package looks up what the ticket stands for.
  definition.xmlToObject = (ticket: string) => {
    const request = pending.get(ticket);
    return { Body: request === undefined ? {} : { [request.payloadName]: request } };
  };
  // Second seam: a method that answers `_xml` gives finished text, which the package puts into the envelope as it is.
  const methods = { [service.operation.name]: (request: Pending) => request.run() };
  const path = soapPath(service);
  const services = { [service.name]: { [soapPort(service)]: methods } };
  const server = new Server(null, path, services, definition, {
    path,
    services,
    envelopeKey: "soapenv",
    suppressStack: true,
  });

  const binding: Binding = {
    dispatch(payloadName, work) {
      tickets += 1;
      const ticket = String(tickets);
      return new Promise<string>((resolve, reject) => {
        const run = async (): Promise<{ readonly _xml: string }> => {
          try {
            return { _xml: await work() };
          } catch (error) {
            // Rejected here, so that the package never makes a fault of its own out of one of our errors.
            reject(GatewayError.from(error));
            return { _xml: FAILED };
          }
        };
        pending.set(ticket, { payloadName, run });
        server
          .processRequest(ticket)
          .then(({ statusCode, body }) => (statusCode === 200 ? resolve(body) : reject(notDispatched(body))))
          .catch(reject)
          .finally(() => pending.delete(ticket));
      });
    },
  };
  await testSeams(binding, service);
  return binding;
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

/** One call through the package: its reply must be our payload, unchanged, as the only content of a SOAP 1.1 body. */
async function testSeams(binding: Binding, service: Service): Promise<void> {
  const payload = element("probe", "&lt;1&#13;", { xmlns: service.namespace });
  const envelope = await binding
    .dispatch(service.operation.name, () => Promise.resolve(payload))
    .catch(String);
  const start =
    /^<\?xml version="1\.0" encoding="utf-8"\?><soapenv:Envelope xmlns:soapenv="([^"]*)"[^<>]*><soapenv:Body>/;
  const match = start.exec(envelope);
  const rest = envelope.slice(match?.[0].length ?? 0);
  const intact =
    match?.[1] === "http://schemas.xmlsoap.org/soap/envelope/" &&
    rest === `${payload}</soapenv:Body></soapenv:Envelope>`;
  if (!intact) {
    throw new Error(
      "The installed version of the `soap` package does not dispatch through the seams that this gateway replaces. " +
        "Install the version that package.json pins.",
    );
  }
}

function notDispatched(body: string): GatewayError {
  return new GatewayError("internal", "The request could not be dispatched.", { cause: new Error(body) });
}
