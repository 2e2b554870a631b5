/** A gateway that speaks TLS, with certificates made for it, and callers of every kind. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { credentials } from "@grpc/grpc-js";
import type { Flags } from "../../src/config.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { ecKey, makeIdentity, type CertificateOptions, type Identity } from "../support/certificates.js";
import { connectGrpc, type GrpcClient, type GrpcOptions } from "../support/grpc-client.js";
import type { Json } from "../support/json-of-type.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";
import { soapRequest } from "../support/soap-client.js";

export const ARTIFACT = repository("examples/credit_decision/artifact");
export const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Json>;

/** Who a caller says it is. */
export interface Shown {
  readonly cert: string;
  readonly key: string;
}

export interface Pki {
  readonly folder: string;
  readonly authority: Identity;
  /** The settings that name the files. */
  readonly flags: { readonly tlsCert: string; readonly tlsKey: string };
  readonly clientCa: string;
  /** Another certificate for the server. */
  readonly issue: (options?: CertificateOptions) => Identity;
  /** A certificate for a caller. */
  readonly client: (options?: CertificateOptions) => Shown;
}

export function keyPem({ privateKey }: Identity): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export function makeAuthority(name: string): Identity {
  return makeIdentity({ names: [name], key: ecKey(), isAuthority: true });
}

/** An authority and a certificate of the server by it, in files that go with the test. */
export function makePki(context: TestContext): Pki {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const authority = makeAuthority("authority");
  const issue = (options: CertificateOptions = {}): Identity =>
    makeIdentity({
      issuer: authority,
      key: ecKey(),
      names: ["gateway"],
      alternatives: [
        { kind: "dns", value: "localhost" },
        { kind: "ip", value: "127.0.0.1" },
      ],
      validTo: new Date(Date.now() + 90 * 86_400_000),
      ...options,
    });
  const client = (options: CertificateOptions = {}): Shown => {
    const identity = makeIdentity({ issuer: authority, key: ecKey(), purpose: "client", ...options });
    return { cert: identity.pem, key: keyPem(identity) };
  };
  const server = issue();
  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  return {
    folder,
    authority,
    flags: { tlsCert: write("tls.crt", server.pem), tlsKey: write("tls.key", keyPem(server)) },
    clientCa: write("ca.crt", authority.pem),
    issue,
    client,
  };
}

export interface ServedTls extends ServedExample {
  readonly pki: Pki;
  readonly port: number;
  /** Resolves once the handshake is over. Rejects when it fails. */
  readonly dial: (options?: ConnectionOptions) => Promise<TLSSocket>;
  /** One SOAP call. @returns the status */
  readonly soap: (shown?: Shown) => Promise<number>;
  readonly grpc: (shown?: Shown, options?: GrpcOptions) => GrpcClient;
}

export async function serveTls(
  context: TestContext,
  flags: Flags = {},
  pki: Pki = makePki(context),
): Promise<ServedTls> {
  const served = await serveExample(ARTIFACT, { processes: "1", ...pki.flags, ...flags });
  context.after(() => served.gateway.stop());
  const port = Number(served.address.split(":").at(-1));
  const ca = pki.authority.pem;
  return {
    ...served,
    pki,
    port,
    async dial(options = {}) {
      const socket = connect({ port, host: "127.0.0.1", ca, ...options });
      context.after(() => socket.destroy());
      await once(socket, "secureConnect");
      socket.on("error", () => undefined);
      return socket;
    },
    soap: (shown) =>
      new Promise((resolve, reject) => {
        const body = soapRequest(served.service, SAMPLE);
        const path = soapVersionPath(served.service, "1.1");
        const headers = { "Content-Type": "text/xml", "Content-Length": Buffer.byteLength(body) };
        const options = {
          port,
          host: "127.0.0.1",
          method: "POST",
          path,
          headers,
          ca,
          agent: false,
          ...shown,
        };
        const outgoing = request(options, (reply) => {
          reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
        });
        outgoing.on("error", reject).end(body);
      }),
    grpc(shown, options) {
      const root = Buffer.from(ca);
      const [key, cert] =
        shown === undefined ? [null, null] : [Buffer.from(shown.key), Buffer.from(shown.cert)];
      const client = connectGrpc(
        served.gateway.addresses.grpc,
        served.service,
        credentials.createSsl(root, key, cert),
        options,
      );
      context.after(() => client.close());
      return client;
    },
  };
}

/** Sends a request of HTTP/1.1 and gives the status line of the reply. */
export async function statusLine(socket: TLSSocket): Promise<string> {
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [reply] = (await once(socket, "data")) as [Buffer];
  return reply.toString("latin1").split("\r\n")[0] ?? "";
}

/** One SOAP call on a connection that is there. @returns the status line */
export async function callOver(socket: TLSSocket, { service }: ServedExample): Promise<string> {
  const body = soapRequest(service, SAMPLE);
  socket.write(
    `POST ${soapVersionPath(service, "1.1")} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const [reply] = (await once(socket, "data")) as [Buffer];
  return reply.toString("latin1").split("\r\n")[0] ?? "";
}

/** The decision of one call over gRPC. */
export async function decide(client: GrpcClient): Promise<Json> {
  const answer = await client.evaluate(SAMPLE);
  assert.ok(answer !== null);
  return answer;
}
