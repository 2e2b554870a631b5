/** The folder of one pool's sockets, private to this user: whoever can connect there can answer for an artifact. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../errors.js";

/** Bytes of the longest path that every kernel takes for a Unix socket. */
const LONGEST_SOCKET_PATH = 103;

export interface PrivateFolder {
  readonly callSocket: string;
  readonly outputSocket: string;
  /** Where the process of this token notes what it has begun (`claims.ts`). */
  claims(token: string): string;
  remove(): void;
}

/** @throws Refusal `usage` when the temporary folder cannot hold sockets */
export function makePrivateFolder(): PrivateFolder {
  const wish = join(tmpdir(), "artifact-gateway-");
  // Six more characters, and the name of a socket.
  if (Buffer.byteLength(wish) + 13 > LONGEST_SOCKET_PATH) {
    throw refuse("The path is too long for a Unix socket.");
  }
  const folder = make(wish);
  return {
    callSocket: join(folder, "calls"),
    outputSocket: join(folder, "output"),
    claims: (token) => join(folder, `claims-${token}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function make(wish: string): string {
  try {
    return mkdtempSync(wish);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw refuse(`No folder can be made in ${tmpdir()} (${code}).`);
  }
}

function refuse(message: string): Refusal {
  const remedy = "Set it to a writable folder with a short path.";
  return new Refusal("usage", [{ where: "TMPDIR", path: "", message, remedy }]);
}
