/** The settings of TLS as a whole: all that belongs together, or none of it. */
import { environmentVariable, type Config } from "../config.js";
import { Refusal, type Problem } from "../errors.js";

export type ClientAuth = "none" | "optional" | "required";

export interface TlsSettings {
  /** Paths of PEM files. */
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  readonly passphrase: string | undefined;
  readonly clientAuth: ClientAuth;
  readonly minVersion: "1.2" | "1.3";
  /** Milliseconds from the moment a connection is accepted. */
  readonly handshakeTimeoutMs: number;
  /** Milliseconds between two looks at the files. */
  readonly reloadMs: number;
}

interface Rule {
  readonly where: keyof Config;
  readonly isBroken: (config: Config) => boolean;
  readonly message: string;
  readonly remedy: string;
}

const RULES: readonly Rule[] = [
  {
    where: "tlsKey",
    isBroken: ({ tlsCert, tlsKey }) => tlsCert !== undefined && tlsKey === undefined,
    message: "tlsCert is set, and its private key is not.",
    remedy: "Set tlsKey to the PEM file of the key.",
  },
  {
    where: "tlsCert",
    isBroken: ({ tlsCert, tlsKey, tlsKeyPassphraseVariable, tlsClientCa, tlsClientAuth }) =>
      tlsCert === undefined &&
      [tlsKey, tlsKeyPassphraseVariable, tlsClientCa, tlsClientAuth].some((value) => value !== undefined),
    message: "TLS is set up in part, without a certificate.",
    remedy: "Set tlsCert and tlsKey, or none of the settings that begin with tls.",
  },
  {
    where: "tlsClientCa",
    isBroken: ({ tlsClientCa, tlsClientAuth = "none" }) =>
      tlsClientCa === undefined && tlsClientAuth !== "none",
    message: "Callers are to show a certificate, and no authority is named that they may have it from.",
    remedy: "Set tlsClientCa to the PEM file of the authorities.",
  },
  {
    where: "tlsClientAuth",
    isBroken: ({ tlsClientCa, tlsClientAuth }) => tlsClientCa !== undefined && tlsClientAuth === "none",
    message: "tlsClientCa is set, and callers are not asked for a certificate.",
    remedy: "Leave out tlsClientCa, or set tlsClientAuth to optional or required.",
  },
  {
    where: "socket",
    isBroken: ({ socket, tlsCert }) => socket !== undefined && tlsCert !== undefined,
    message: "TLS is not spoken over a Unix socket: its file says who may use it.",
    remedy: "Leave out socket, or the settings that begin with tls.",
  },
  {
    where: "tlsKeyPassphraseVariable",
    isBroken: ({ tlsKeyPassphraseVariable: name }) =>
      name !== undefined && (environmentVariable(name) ?? "") === "",
    message: "There is no environment variable of that name, or it is empty.",
    remedy: "Set it to the passphrase of the key, or leave out the setting.",
  },
];

/**
 * What the configuration says of TLS; `undefined`: the application's ports speak clear text.
 * @throws Refusal `usage` with everything that is there only in part or contradicts itself
 */
export function tlsSettings(config: Config): TlsSettings | undefined {
  const problems = RULES.filter(({ isBroken }) => isBroken(config)).map(
    ({ where, message, remedy }): Problem => ({ where, path: "", message, remedy }),
  );
  if (problems.length > 0) throw new Refusal("usage", problems);
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa, tlsKeyPassphraseVariable: variable } = config;
  if (cert === undefined || key === undefined) return undefined;
  return {
    cert,
    key,
    clientCa,
    passphrase: variable === undefined ? undefined : environmentVariable(variable),
    clientAuth: config.tlsClientAuth ?? (clientCa === undefined ? "none" : "required"),
    minVersion: config.tlsMinVersion,
    handshakeTimeoutMs: config.tlsHandshakeTimeoutMs,
    reloadMs: config.tlsReloadMs,
  };
}
