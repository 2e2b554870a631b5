/** A real HTTP server around the endpoint, with a call handler that answers a fixed result and remembers inputs. */
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallContext, CallHandler } from "../../src/call/call.js";
import type { Service } from "../../src/contract/model.js";
import { soapVersionPath, type SoapVersion } from "../../src/contract/soap-names.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import type { FaultText } from "../../src/soap/fault-text.js";
import type { SoapSecurity } from "../../src/soap/security/soap-security.js";
import { createSoapEndpoint } from "../../src/soap/server.js";
import type { Struct, Value } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { generateXsd } from "../../src/wsdl/schema.js";
import { NO_OFFLOAD } from "../support/no-offload.js";
import { sampleService } from "../support/sample-service.js";

export interface HarnessOptions {
  readonly service?: Service;
  readonly version?: SoapVersion;
  readonly limits?: Partial<Limits>;
  readonly faultText?: FaultText;
  readonly security?: SoapSecurity;
  /** What `main()` would answer; may throw. */
  readonly evaluate: (inputs: Struct, context: CallContext) => Value | Promise<Value>;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Harness extends AsyncDisposable {
  readonly port: number;
  readonly path: string;
  readonly wsdl: string;
  readonly service: Service;
  /** How each call ended, in order: "ok" or the code. */
  readonly outcomes: readonly string[];
  /** What the log would be told of each call that failed. */
  readonly failures: readonly GatewayError[];
  send(options: SendOptions): Promise<HttpReply>;
}

export interface SendOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const { service = sampleService(), version = "1.1" } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const outcomes: string[] = [];
  const failures: GatewayError[] = [];
  const call: CallHandler = async (context, codec) => {
    try {
      const reply = codec.encode(await options.evaluate(await codec.decode(), context));
      outcomes.push("ok");
      return reply;
    } catch (error) {
      const known = GatewayError.from(error);
      outcomes.push(known.code);
      failures.push(known);
      throw known;
    }
  };
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const path = soapVersionPath(service, version);
  const wsdl = generateWsdl(service, `http://127.0.0.1:${port}${path}`, version);
  const endpoint = await createSoapEndpoint({
    service,
    call,
    limits,
    offload: NO_OFFLOAD,
    version,
    wsdl,
    policyWsdl: generateWsdl(service, `http://127.0.0.1:${port}${path}`, version, { addressing: "optional" }),
    xsd: generateXsd(service),
    ...(options.faultText === undefined ? {} : { faultText: options.faultText }),
    security: options.security,
  });
  http.on("request", (request, response) => void endpoint.handle(request, response));

  return {
    port,
    path: endpoint.path,
    wsdl,
    service,
    outcomes,
    failures,
    send: (message) => send(port, { path: endpoint.path, ...message }),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export const NAMESPACE = "urn:artifact-gateway:sample_decision:v1";

/** A SOAP 1.1 envelope around body content. */
export function envelope(body: string, header = ""): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${header}<s:Body>${body}</s:Body></s:Envelope>`;
}

/** The smallest valid payload of the sample service, with more put into its only row. */
export function payload(afterAmount = "", beforeAmount = ""): string {
  return (
    `<Evaluate xmlns="${NAMESPACE}"><application><row><applicationId>A1</applicationId>${beforeAmount}` +
    `<requestedAmount>10.00</requestedAmount>${afterAmount}</row></application></Evaluate>`
  );
}

function send(port: number, options: SendOptions): Promise<HttpReply> {
  const { method = "POST", path = "/", body = "" } = options;
  const headers = { "Content-Type": "text/xml; charset=utf-8", ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.on("end", () => {
          resolve({
            status: reply.statusCode ?? 0,
            headers: reply.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
        reply.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(method === "GET" || method === "HEAD" ? undefined : body);
  });
}
