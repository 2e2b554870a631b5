/** Large messages through the whole gateway: what they hold together is bounded, and a drain waits for them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Flags } from "../src/config.js";
import type { Json } from "./support/json-of-type.js";
import { postSoap, soapRequest } from "./support/soap-client.js";
import { repository, serveExample, type ServedExample } from "./support/served-example.js";

const MEGABYTE = 1024 ** 2;
const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Json;

async function serve(context: TestContext, flags: Flags): Promise<ServedExample> {
  const served = await serveExample(repository("examples/credit_decision/artifact"), flags);
  context.after(() => served.gateway.stop());
  return served;
}

/** A good request of so many bytes, most of them a comment. */
function requestOf(bytes: number, { service }: ServedExample): string {
  const text = soapRequest(service, SAMPLE);
  const comment = `<!--${"x".repeat(bytes - text.length - "<!---->".length)}-->`;
  return text.replace(/(?=<\w+:Body>)/, comment);
}

test("a hundred messages of four megabytes hold no more together than is set, and the rest are refused at once", async (context) => {
  const most = 16 * MEGABYTE;
  const flags = { maxReceivingBytes: String(most), maxQueuedBytes: String(16 * MEGABYTE) };
  const served = await serve(context, flags);
  const request = requestOf(4 * MEGABYTE, served);
  let isOver = false;
  let held = 0;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      held = Math.max(held, served.gateway.load().receivingBytes);
      await turn();
    }
  };
  const watching = watch();
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => postSoap(served.base, served.service, request)),
  );
  isOver = true;
  await watching;
  assert.ok(held > 0 && held <= most, `${held} bytes of bodies were held while they arrived`);
  const outcomes = new Map<string, number>();
  for (const { status, text } of replies) {
    const outcome = `${status} ${/<code>(\w+)</.exec(text)?.[1] ?? "answered"}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const known = ["200 answered", "500 overloaded", "503 overloaded"];
  assert.deepEqual(
    [...outcomes.keys()].filter((outcome) => !known.includes(outcome)),
    [],
  );
  assert.ok((outcomes.get("200 answered") ?? 0) > 0, "some are answered");
  assert.ok(
    replies.some(({ text }) => text.includes("overloaded")),
    "not all fit",
  );
  assert.equal(served.gateway.load().receivingBytes, 0);
  assert.equal(served.calls.length, replies.length);
  const after = await postSoap(served.base, served.service, request);
  assert.equal(after.status, 200, "all that was held has been given back");
});

test("a message that is in a thread when the drain begins is answered", async (context) => {
  const served = await serve(context, {});
  const { gateway, calls } = served;
  const reply = postSoap(served.base, served.service, requestOf(4 * MEGABYTE, served));
  // It is in the thread, which has yet to start, once nothing of it is arriving any more.
  while (gateway.load().receivingBytes === 0) await turn();
  while (gateway.load().receivingBytes > 0) await turn();
  const stopped = gateway.stop();
  assert.deepEqual(calls, []);
  assert.equal((await reply).status, 200);
  await stopped;
  assert.deepEqual(
    calls.map(({ code }) => code),
    ["ok"],
  );
});
