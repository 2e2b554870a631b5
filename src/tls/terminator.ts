/** Takes the TLS off the connections of one port. It does not listen itself: connections are handed to it. */
import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Credentials } from "./credentials.js";
import type { NoteFailure } from "./handshake-failure.js";
import type { TlsSettings } from "./tls-settings.js";

export interface TerminatorOptions {
  readonly settings: TlsSettings;
  readonly credentials: Credentials;
  /** What this port offers by ALPN (RFC 7301), what it likes best first. */
  readonly protocols: readonly Protocol[];
  readonly noteFailure: NoteFailure;
}

export type Protocol = "h2" | "http/1.1";

export interface SecureTakers {
  /** Gets the connection once its handshake is over; its caller has shown what was asked of it. */
  readonly onSecure: (socket: TLSSocket) => void;
  /** Gets the connection when it does not begin with TLS, with all of it still to be read. */
  readonly onClearText: (socket: Socket) => void;
}

export interface Terminator {
  /** Takes over a connection of which nothing has been read. It is closed when its handshake fails or takes too long. */
  accept(socket: Socket, takers: SecureTakers): void;
  /** For the connections that come from now on. */
  renew(credentials: Credentials): void;
}

/** The first byte of every handshake: the type of its record (RFC 8446, 5.1). */
const HANDSHAKE_RECORD = 22;

export function createTerminator(options: TerminatorOptions): Terminator {
  const { settings, credentials, protocols, noteFailure } = options;
  const { clientAuth, handshakeTimeoutMs } = settings;
  const server = createServer({
    ...credentials.context,
    ALPNProtocols: [...protocols],
    requestCert: clientAuth !== "none",
    rejectUnauthorized: clientAuth === "required",
    handshakeTimeout: handshakeTimeoutMs,
  });
  const waiting = new Map<string, SecureTakers["onSecure"]>();

  server.on("secureConnection", (socket) => {
    const onSecure = waiting.get(connectionOf(socket));
    if (hasBadCertificate(socket)) {
      noteFailure("certificate_refused", codeOf(socket), socket.remoteAddress);
      socket.destroy();
    } else if (onSecure === undefined) socket.destroy();
    else onSecure(socket);
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    const refused = codeOf(socket);
    const address = socket.remoteAddress;
    if (refused !== "") noteFailure("certificate_refused", refused, address);
    else if (error.code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") {
      noteFailure("no_certificate", "", address);
    } else if (error.code !== "ECONNRESET") noteFailure("handshake", error.code ?? "", address);
    socket.destroy();
  });

  return {
    accept(socket, { onSecure, onClearText }) {
      const connection = connectionOf(socket);
      const leave = (): void => {
        clearTimeout(late);
        waiting.delete(connection);
      };
      const late = setTimeout(() => {
        noteFailure("too_slow", "", socket.remoteAddress);
        socket.destroy();
      }, handshakeTimeoutMs);
      waiting.set(connection, (secure) => {
        leave();
        onSecure(secure);
      });
      // An error is followed by `close`, and nobody is there to be told what it was.
      socket.on("error", () => undefined);
      socket.once("close", leave);
      socket.once("end", () => socket.destroy());
      socket.once("data", (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        if (first[0] === HANDSHAKE_RECORD) {
          server.emit("connection", socket);
          return;
        }
        leave();
        noteFailure("clear_text", "", socket.remoteAddress);
        onClearText(socket);
      });
    },
    renew: ({ context }) => server.setSecureContext(context),
  };
}

/** Node tells of the encrypted socket and not of the one below it. The four numbers of a TCP connection name both. */
function connectionOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

/** Where a certificate is optional, one that is shown has to be right all the same. */
function hasBadCertificate(socket: TLSSocket): boolean {
  return codeOf(socket) !== "" && socket.getPeerX509Certificate() !== undefined;
}

/** Why the caller's certificate does not count: a word of OpenSSL, though Node declares it an Error. */
function codeOf({ authorizationError }: TLSSocket): string {
  const code: unknown = authorizationError;
  return typeof code === "string" ? code : "";
}
