/** What the SOAP clients call, served by the built command behind a proxy that records what they send and get. */
import { tmpdir } from "node:os";
import type { TlsOptions } from "node:tls";
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import { EXAMPLES, serveCommand } from "../serve-command.js";
import type { SoapCall } from "./client-program.js";
import type { Exchange } from "./http-exchanges.js";
import { startRecordingProxy } from "./recording-proxy.js";

/** What `serve` is told, and the aliases of the services. */
export interface SoapArtifacts {
  readonly aliases: readonly string[];
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: plain HTTP. */
  readonly tls?: TlsOptions;
}

/** Fixtures of `test/interop/fixtures`: what they get they answer, or they fail as they are told to. */
export const SOAP_FIXTURES = ["every_value", "single_row", "anything", "trouble"];

/** The examples and the fixtures. @param python with the libraries of every example */
export function valueArtifacts(python: string): SoapArtifacts {
  return {
    aliases: [...EXAMPLES, ...SOAP_FIXTURES],
    args: [
      ...EXAMPLES.map((name) => `examples/${name}/artifact`),
      ...fixtureArguments(SOAP_FIXTURES),
      ...["--python", python],
    ],
    environment: { TROUBLE_FOLDER: tmpdir() },
  };
}

/** For `serve`: these fixtures, and the lock of `single_row`. */
export function fixtureArguments(names: readonly string[]): readonly string[] {
  const folder = "test/interop/fixtures";
  const lock = names.includes("single_row") ? ["--lock", `${folder}/single_row.lock.json`] : [];
  return [...names.map((name) => `${folder}/${name}`), ...lock];
}

export interface ServedSoap {
  readonly aliases: readonly string[];
  /** Where clients find a service: everything in a call that comes from its WSDL. */
  find(alias: string, version: SoapVersion): Pick<SoapCall, "wsdl" | "service" | "namespace">;
  exchanges(): readonly Exchange[];
  /** As `RecordingProxy` has it. */
  alterNext(change: (request: Buffer) => Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

/** The WSDLs name the proxy, as a gateway behind a load balancer names that. */
export async function serveSoap({ aliases, args, environment, tls }: SoapArtifacts): Promise<ServedSoap> {
  const proxy = await startRecordingProxy(tls);
  const base = `${tls === undefined ? "http" : "https"}://127.0.0.1:${proxy.port}`;
  const served = await serveCommand([...args, "--host", "127.0.0.1", "--public-url", base], environment);
  proxy.forwardTo(served.port);
  return {
    aliases,
    find: (alias, version) => ({
      wsdl: `${base}${version === "1.1" ? "/soap" : "/soap12"}/${alias}/v1?wsdl`,
      service: `${alias.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Service`,
      namespace: `urn:artifact-gateway:${alias}:v1`,
    }),
    exchanges: () => proxy.exchanges(),
    alterNext: (change) => proxy.alterNext(change),
    async stop() {
      await proxy.stop();
      await served.stop();
    },
  };
}
