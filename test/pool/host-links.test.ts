import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createFrameReader, frameHeader, type Frame } from "../../src/pool/frames.js";
import { listenForHosts, type HostLink } from "../../src/pool/host-links.js";
import { FROM_HOST, TO_HOST } from "../../src/pool/host-messages.js";

const MOST_BYTES = 1024 * 1024;

/** A process, as far as its call channel goes: one of its two connections, with its greeting sent. */
async function openHalf(path: string, carries: "calls" | "answers"): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  const greeting = Buffer.from(JSON.stringify({ token: "process", carries, slots: 1 }));
  socket.write(Buffer.concat([frameHeader(0, FROM_HOST.link, greeting.length), greeting]));
  return socket;
}

test("calls of one turn reach the process whole and in their order, short or long", async () => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  const path = join(folder, "calls");
  const links = listenForHosts(path, MOST_BYTES);
  await links.listening;
  const opened = new Promise<HostLink>((resolve) => {
    links.expect("process", {
      onLink: resolve,
      onReply: () => true,
      onRevoked: () => true,
      onClosed: () => undefined,
    });
  });
  const [calls, answers] = await Promise.all([openHalf(path, "calls"), openHalf(path, "answers")]);
  const link = await opened;
  const payloads = [1, 100_000, 0, 7].map((length, index) => Buffer.alloc(length, index));
  const frames: Frame[] = [];
  const readFrames = createFrameReader(MOST_BYTES);
  const arrived = new Promise<void>((resolve) => {
    calls.on("data", (chunk) => {
      frames.push(...readFrames(chunk).map((frame) => ({ ...frame, payload: Buffer.from(frame.payload) })));
      if (frames.length === payloads.length) resolve();
    });
  });
  for (const [index, payload] of payloads.entries()) link.send(TO_HOST.call, index, payload);
  await arrived;
  assert.deepEqual(
    frames,
    payloads.map((payload, id) => ({ id, kind: TO_HOST.call, payload })),
  );
  link.close();
  await Promise.all([once(calls, "close"), once(answers, "close")]);
  await links.close();
  rmSync(folder, { recursive: true });
});
