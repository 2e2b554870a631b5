/** The floor of a call to Python: the same bytes to a process and back over a pair of real pipes, one at a time. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";

export interface PipeEcho {
  /** Resolves when as many bytes have come back as were sent. Never two at a time. */
  send(message: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

const LENGTH_BYTES = 4;

/**
 * Node's own pipes to a child are sockets, which are slower: the child makes the pipes, and they are opened below /proc.
 * @param program `peers/pipe_echo.py`
 * @throws Error where there is no /proc
 */
export async function startPipeEcho(python: string, program: string): Promise<PipeEcho> {
  const child = spawn(python, ["-B", program], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const open = (end: string | undefined, flags: number): number =>
    openSync(`/proc/${String(child.pid)}/fd/${String(end)}`, flags | constants.O_NONBLOCK);
  const [theirWrite, theirRead] = line.split(" ");
  const output = new Socket({ fd: open(theirWrite, constants.O_WRONLY), readable: false, writable: true });
  const input = new Socket({ fd: open(theirRead, constants.O_RDONLY), readable: true, writable: false });
  let missing = 0;
  let onWhole: (() => void) | undefined;
  input.on("data", (chunk) => {
    missing -= chunk.length;
    if (missing <= 0) onWhole?.();
  });

  return {
    send(message) {
      const framed = Buffer.alloc(LENGTH_BYTES + message.length);
      framed.writeUInt32LE(message.length);
      framed.set(message, LENGTH_BYTES);
      missing = framed.length;
      return new Promise((resolve) => {
        onWhole = resolve;
        output.write(framed);
      });
    },
    async stop() {
      const exited = once(child, "exit");
      input.destroy();
      output.destroy();
      child.stdin.end();
      await exited;
    },
  };
}
