/** The files of TLS as they are now. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { Refusal, type Problem } from "../errors.js";
import type { TlsSettings } from "./tls-settings.js";

/** The content of the files, PEM as far as it is right. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly clientCa: Buffer | undefined;
  /** The same for the same content of all of them. */
  readonly digest: string;
}

/** A bundle of every public authority has a quarter of that. */
const MOST_BYTES = 1024 * 1024;

/** @throws Refusal `usage` with every file that cannot be read */
export async function readTlsFiles({ cert, key, clientCa }: TlsSettings): Promise<TlsFiles> {
  const problems: Problem[] = [];
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readBounded(path);
    } catch (error) {
      const message = `The file cannot be read (${reasonOf(error)}).`;
      problems.push({ where: path, path: "", message, remedy: "Check the path and its permissions." });
      return Buffer.alloc(0);
    }
  };
  const files = {
    cert: await read(cert),
    key: await read(key),
    clientCa: clientCa === undefined ? undefined : await read(clientCa),
  };
  if (problems.length > 0) throw new Refusal("usage", problems);
  const hash = createHash("sha256");
  for (const content of [files.cert, files.key, files.clientCa ?? Buffer.alloc(0)]) {
    hash.update(`${content.length}:`).update(content);
  }
  return { ...files, digest: hash.digest("hex") };
}

/** What is no file, such as a pipe, could keep its reader waiting for ever. */
async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat().then((stats) => {
      if (!stats.isFile()) throw new Error("it is no file");
      if (stats.size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
      return stats;
    });
    const content = Buffer.alloc(size);
    const { bytesRead } = await file.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}
