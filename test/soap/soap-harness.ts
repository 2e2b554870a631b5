/** A real HTTP server around the endpoint, with a call handler that answers a fixed result and remembers inputs. */
import assert from "node:assert/strict";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallContext, CallHandler } from "../../src/call/call.js";
import type { Service } from "../../src/contract/model.js";
import { soapVersionPath, type SoapVersion } from "../../src/contract/soap-names.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import type { CallRecord } from "../../src/observe.js";
import { callMembers } from "../../src/ops/call-line.js";
import type { FaultText } from "../../src/soap/fault/fault-text.js";
import type { SoapSecurity } from "../../src/soap/security/soap-security.js";
import { Http1Exchange } from "../../src/http/http1-exchange.js";
import { createSoapEndpoint } from "../../src/soap/server.js";
import type { Struct, Value } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { generateXsd } from "../../src/wsdl/schema.js";
import { NO_OFFLOAD } from "../support/no-offload.js";
import { checkExchange } from "../support/messages/check-exchange.js";
import type { Headers } from "../support/messages/exchange.js";
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
  /** The members of each call's line in the log, in order. */
  readonly logged: readonly string[];
  /** Sends one request; the exchange must keep every rule for messages, and its reply the schema of the WSDL. */
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
  const logged: string[] = [];
  const call: CallHandler = async (context, codec) => {
    const report = (code: CallRecord["code"], error?: GatewayError): void => {
      const { requestId, protocol, bytesIn } = context;
      const operation = codec.operation?.() ?? service.operation.name;
      const record = {
        requestId,
        service: service.alias,
        operation,
        protocol,
        code,
        durationMs: 1,
        bytesIn,
        bytesOut: 0,
      };
      outcomes.push(code);
      logged.push(callMembers(error === undefined ? record : { ...record, error }));
    };
    try {
      const reply = codec.encode(await options.evaluate(await codec.decode(), context));
      report("ok");
      return reply;
    } catch (error) {
      const known = GatewayError.from(error);
      failures.push(known);
      report(known.code, known);
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
  http.on("request", (request, response) => void endpoint.handle(new Http1Exchange(request, response)));

  return {
    port,
    path: endpoint.path,
    wsdl,
    service,
    outcomes,
    failures,
    logged,
    send: (message) => send(port, { path: endpoint.path, ...message }, wsdl),
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

function send(port: number, options: SendOptions, wsdl: string): Promise<HttpReply> {
  const { method = "POST", path = "/", body = "" } = options;
  const headers = { "Content-Type": "text/xml; charset=utf-8", ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const status = reply.statusCode ?? 0;
          const broken = checkExchange(
            {
              request: { method, target: path, headers: Object.entries(headers), body: Buffer.from(body) },
              reply: {
                httpVersion: reply.httpVersion,
                status,
                headers: rawPairs(reply.rawHeaders),
                body: bytes,
              },
            },
            wsdl,
          );
          if (broken.length > 0) reject(new assert.AssertionError({ message: broken.join("\n") }));
          else resolve({ status, headers: reply.headers, body: bytes.toString("utf8") });
        });
        reply.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(method === "GET" || method === "HEAD" ? undefined : body);
  });
}

/** Names and values in turn to pairs. */
function rawPairs(flat: readonly string[]): Headers {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}
