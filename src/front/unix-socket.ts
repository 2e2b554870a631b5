/** Listening on a Unix socket: its file is ours while we live, and nobody else's is taken away. */
import { once } from "node:events";
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { resolve } from "node:path";
import { Refusal } from "../errors.js";

/** Longest path that fits `sockaddr_un` with the zero after it, in bytes: Linux has 108 for it, others 104. */
const MOST_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/** No permission for anybody but the owner, until the right ones are given. */
const OWNER_ALONE = 0o177;

/**
 * The file goes when the server is closed. One that a process left behind which has ended is replaced.
 * @param mode permissions of the file
 * @throws Refusal `usage` when the path cannot be used, or another process answers there
 */
export async function listenOnSocket(server: Server, path: string, mode: number): Promise<void> {
  const whole = resolve(path);
  const bytes = Buffer.byteLength(whole);
  // Beyond that some systems cut it off without a word, and listen somewhere else.
  if (bytes > MOST_PATH_BYTES) {
    refuse(`Its path has ${bytes} bytes, and the system takes ${MOST_PATH_BYTES}.`, "Name a shorter one.");
  }
  if (isSocket(whole) && !(await answers(whole))) unlinkSync(whole);
  const before = process.umask(OWNER_ALONE);
  try {
    server.listen(whole);
  } finally {
    process.umask(before);
  }
  try {
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      refuse("Another process answers there, or the file is no socket.", "Stop it, or name another path.");
    }
    refuse(`It cannot be used (${code}).`, "Name another path, in a folder that can be written to.");
  }
  chmodSync(whole, mode);
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

/** Whether a process listens; only a refused connection says that none does. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

function refuse(message: string, remedy: string): never {
  throw new Refusal("usage", [{ where: "--socket", path: "", message, remedy }]);
}
