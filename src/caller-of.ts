/**
 * Who is at the other end of a connection, as far as the connection itself proves it. The one place that says so: the log
 * and the fairness of the queue ask it for every protocol, and whoever grants rights by identity will.
 */
import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";

export interface Caller {
  /** Address of the peer, which may be that of a load balancer; absent where it is not known. */
  readonly address: string | undefined;
  /**
   * The name in its verified certificate, with its kind: `URI:spiffe://bank/payments`, `DNS:payments.bank`, `CN:payments`.
   * Absent where it has shown none.
   */
  readonly name: string | undefined;
}

/** A connection within the process, or one of which nothing is known. */
export const NOBODY: Caller = Object.freeze({ address: undefined, name: undefined });

/** Longest name that is kept, in characters. */
const LONGEST_NAME = 256;

const known = new WeakMap<Duplex, Caller>();

/** The same for as long as the connection lives: a certificate is shown once. */
export function callerOf(socket: Duplex): Caller {
  const before = known.get(socket);
  if (before !== undefined) return before;
  if (!(socket instanceof Socket)) return NOBODY;
  const certificate =
    socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const caller = {
    address: socket.remoteAddress,
    name: certificate === undefined ? undefined : nameOf(certificate),
  };
  known.set(socket, caller);
  return caller;
}

/** Calls that share this share a line in the queue. */
export function flowOf({ name, address }: Caller): string | undefined {
  return name ?? address;
}

/**
 * The first URI of the subject's alternative names, which is how SPIFFE names workloads; else the first DNS name; else the
 * common name; else the certificate's fingerprint. The kind is part of it: a common name that looks like a URI is none.
 */
export function nameOf(certificate: X509Certificate): string {
  const names = alternativeNames(certificate.subjectAltName ?? "");
  const name = ["URI", "DNS"]
    .map((kind) => names.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  const text = name === undefined ? commonName(certificate) : `${name.kind}:${name.value}`;
  if (text !== undefined && text.length <= LONGEST_NAME) return text;
  return `SHA256:${certificate.fingerprint256}`;
}

interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/** `kind:value`, separated by commas; Node writes a value that could be misread as a JSON text. */
const ALTERNATIVE_NAME = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;

function alternativeNames(text: string): readonly AlternativeName[] {
  const names: AlternativeName[] = [];
  ALTERNATIVE_NAME.lastIndex = 0;
  while (ALTERNATIVE_NAME.lastIndex < text.length) {
    const [, kind = "", value = ""] = ALTERNATIVE_NAME.exec(text) ?? [];
    // What cannot be read is no proof of anything, and neither is what stands beside it.
    if (kind === "") return [];
    names.push({ kind, value: value.startsWith('"') ? String(JSON.parse(value)) : value });
  }
  return names;
}

/** Only where there is exactly one: with several, each could be the one that was meant. */
function commonName(certificate: X509Certificate): string | undefined {
  const { CN } = certificate.toLegacyObject().subject as { readonly CN?: string | readonly string[] };
  return typeof CN === "string" && CN !== "" ? `CN:${CN}` : undefined;
}
