import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { DEFAULT_ARTIFACT_LIMITS } from "../../src/artifact/artifact-limits.js";
import { extractTar } from "../../src/artifact/extract.js";
import { Refusal } from "../../src/errors.js";
import { problemsOf, scratchFolder } from "./bundles.js";
import { END_MARK, mendChecksums, paxHeader, tarEntry, tarOf } from "./tar-bytes.js";
import { extract, file, folderEntry, refused } from "./unpacking.js";

test("files and folders come out with our modes, not the archive's", async (t) => {
  const target = await extract(
    t,
    tarOf(folderEntry("./"), folderEntry("./a/"), file("./a/b.py", "1"), file("c", "")),
  );
  assert.equal(readFileSync(join(target, "a/b.py"), "utf8"), "1");
  assert.equal(readFileSync(join(target, "c"), "utf8"), "");
  assert.equal(statSync(join(target, "a")).mode & 0o7777, 0o700);
  assert.equal(statSync(join(target, "a/b.py")).mode & 0o7777, 0o600);
});

test("set-user-id and other modes of an archive mean nothing", async (t) => {
  const target = await extract(t, tarOf({ ...file("a"), mode: "0006777" }));
  assert.equal(statSync(join(target, "a")).mode & 0o7777, 0o600);
});

test("limits end the unpacking", async (t) => {
  const many = Array.from({ length: 11 }, (_, index) => file(`f${index}`));
  await refused(t, tarOf(...many), /more than 10 entries/, { limits: { maxEntries: 10 } });
  const headers = Array.from({ length: 11 }, () => paxHeader({ comment: "x" }));
  await refused(t, tarOf(...headers, file("a")), /more than 10 entries/, { limits: { maxEntries: 10 } });
  const big = file("big", "x".repeat(2000));
  await refused(t, tarOf(big), /big: The file is larger than 1999 bytes/, { limits: { maxFileBytes: 1999 } });
  await refused(t, tarOf(big), /more than 2000 bytes/, { limits: { maxTotalBytes: 2000 } });
});

test("a file that only claims to be huge is refused before it is written", async (t) => {
  const bytes = tarEntry({ ...file("huge"), size: 0o77777777777 });
  await refused(t, bytes, /huge: The file is larger than/);
  await refused(
    t,
    tarOf(paxHeader({ size: "99999999999999" }), file("huge")),
    /huge: The file is larger than/,
  );
});

test("a compression bomb is refused while it unpacks", async (t) => {
  const zeros = Buffer.alloc(64 * 1024 ** 2);
  const bomb = gzipSync(
    Buffer.concat([tarEntry(file("a", "x")), tarEntry({ name: "zeros", body: zeros }), END_MARK]),
  );
  await refused(t, bomb, /unpacks to more than 200 times its size/, { gzipped: true });
  await extract(t, bomb, { gzipped: true, limits: { maxRatio: 2000 } });
});

test("damaged archives are refused", async (t) => {
  const whole = tarOf(file("a", "x".repeat(3000)), file("b"));
  await refused(t, Buffer.alloc(0), /not a sound tar archive|without the end mark/);
  await refused(t, Buffer.from("hello"), /not a sound tar archive|without the end mark/);
  await refused(t, Buffer.from("hello ".repeat(500)), /not a sound tar archive: .*checksum/);
  await refused(t, whole.subarray(0, 2000), /not a sound tar archive: .*Truncated/);
  await refused(t, whole.subarray(0, whole.length - 1024), /without the end mark/);
  await refused(t, whole.subarray(0, whole.length - 512), /without the end mark/);
  const flipped = Buffer.from(whole);
  flipped[0] = 0x62;
  await refused(t, flipped, /checksum/);
  const lone = Buffer.concat([tarEntry(file("a")), Buffer.alloc(512), tarEntry(file("b")), END_MARK]);
  await refused(t, lone, /b: The entry comes after the end mark/);
});

test("damaged compression is refused", async (t) => {
  const whole = gzipSync(tarOf(file("a", "x".repeat(3000))));
  await refused(t, tarOf(file("a")), /not valid gzip data/, { gzipped: true });
  await refused(t, Buffer.alloc(0), /ends too early/, { gzipped: true });
  await refused(t, whole.subarray(0, whole.length - 8), /ends too early/, { gzipped: true });
  const flipped = Buffer.from(whole);
  flipped[flipped.length - 5] = ~(flipped[flipped.length - 5] ?? 0) & 0xff;
  await refused(t, flipped, /not valid gzip data/, { gzipped: true });
  await refused(t, whole, /is compressed \(again\)/);
  await refused(t, gzipSync(whole), /is compressed \(again\)/, { gzipped: true });
});

test("what comes after the end mark is not read", async (t) => {
  const target = await extract(
    t,
    Buffer.concat([tarOf(file("a")), tarOf(file("b")), Buffer.alloc(300_000, 1)]),
  );
  assert.deepEqual(readdirSync(target), ["a"]);
});

test("nothing is written outside the target", async (t) => {
  const folder = scratchFolder(t);
  const target = join(folder, "out");
  mkdirSync(target);
  const path = join(folder, "bundle");
  writeFileSync(path, tarOf({ name: "link", type: "2", link: ".." }, file("link/evil")));
  const archive = { path, gzipped: false, where: "bundle" };
  await problemsOf(() => extractTar(archive, target, DEFAULT_ARTIFACT_LIMITS));
  assert.deepEqual(readdirSync(folder).sort(), ["bundle", "out"]);
  assert.equal(existsSync(join(folder, "evil")), false);
  assert.deepEqual(readdirSync(target), []);
});

test("an archive with any bytes changed is unpacked or refused, and nothing else happens", async (t) => {
  const whole = tarOf(
    folderEntry("a/"),
    paxHeader({ path: "a/größe" }),
    file("short", "x".repeat(700)),
    { name: "L", type: "L", body: `${"l".repeat(120)}\0` },
    file("short", "y"),
  );
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (changes, mend) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at] = byte;
        if (mend) mendChecksums(bytes);
        const target = await extract(t, bytes).catch((error: unknown) => {
          assert.ok(error instanceof Refusal, String(error));
          assert.doesNotMatch(error.message, /could not be unpacked/);
          return undefined;
        });
        if (target !== undefined) assert.deepEqual(readdirSync(join(target, "..")).sort(), ["bundle", "out"]);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

test("archives of GNU tar and Python come out whole", async (t) => {
  const folder = scratchFolder(t);
  const source = join(folder, "model");
  const names = ["a.txt", `${"long".repeat(40)}/ü.txt`, `${"x".repeat(120)}.txt`];
  for (const name of names) {
    mkdirSync(join(source, name, ".."), { recursive: true });
    writeFileSync(join(source, name), name);
  }
  const python =
    "import sys, tarfile\n" +
    "with tarfile.open(sys.argv[1], 'w', format=int(sys.argv[3])) as tar: tar.add(sys.argv[2], 'model')";
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ["tar", ["--format=gnu", "-cf", "@", "-C", folder, "model"]],
    ["tar", ["--format=posix", "-cf", "@", "-C", folder, "model"]],
    ["tar", ["--format=posix", "-cf", "@", "-C", folder, "./model"]],
    ["python3", ["-c", python, "@", source, "1"]],
    ["python3", ["-c", python, "@", source, "2"]],
  ];
  for (const [index, [command, args]] of commands.entries()) {
    const path = join(folder, `${index}.tar`);
    execFileSync(
      command,
      args.map((arg) => (arg === "@" ? path : arg)),
    );
    const target = await extract(t, readFileSync(path));
    for (const name of names) assert.equal(readFileSync(join(target, "model", name), "utf8"), name);
  }
});
