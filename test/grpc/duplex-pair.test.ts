import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { duplexPair } from "../../src/grpc/duplex-pair.js";

test("what is written to one end is read from the other, in order, to the end", async () => {
  const [ours, theirs] = duplexPair();
  for (const text of ["a", "b", "c"]) ours.write(text);
  ours.end();
  const read: string[] = [];
  for await (const chunk of theirs) read.push(String(chunk));
  assert.equal(read.join(""), "abc");
});

test("nothing arrives while it is being written, so that no session is answered in the middle of its own work", async () => {
  const [ours, theirs] = duplexPair();
  let isWriting = false;
  let answers = 0;
  // Each end answers at once, as two sessions do.
  theirs.on("data", () => {
    assert.ok(!isWriting);
    theirs.write("answer");
  });
  ours.on("data", () => {
    assert.ok(!isWriting);
    answers += 1;
    if (answers < 5) say();
  });
  const say = (): void => {
    isWriting = true;
    ours.write("question");
    isWriting = false;
  };
  say();
  while (answers < 5) await once(ours, "data");
});

test("a reader who waits holds up the writer", async () => {
  const [ours, theirs] = duplexPair();
  const chunk = Buffer.alloc(theirs.readableHighWaterMark);
  const taken: number[] = [];
  const written = [1, 2, 3].map(
    (count) =>
      new Promise<void>((resolve) => {
        ours.write(chunk, () => {
          taken.push(count);
          resolve();
        });
      }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, []);
  theirs.resume();
  await Promise.all(written);
  assert.deepEqual(taken, [1, 2, 3]);
});

test("when one end is destroyed, so is the other", async () => {
  const [ours, theirs] = duplexPair();
  const closed = once(theirs, "close");
  ours.destroy();
  await closed;
});
