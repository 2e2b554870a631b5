import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { DEFAULT_ARTIFACT_LIMITS, type ArtifactLimits } from "../../src/artifact/artifact-limits.js";
import { extractZip } from "../../src/artifact/extract-zip.js";
import { describeProblem, Refusal } from "../../src/errors.js";
import { problemsOf, scratchFolder } from "./bundles.js";
import { zip64Extra, zipOf, type ZipPart } from "./zip-bytes.js";

async function extract(t: TestContext, bytes: Buffer, limits: Partial<ArtifactLimits> = {}): Promise<string> {
  const folder = scratchFolder(t);
  const target = join(folder, "out");
  mkdirSync(target);
  writeFileSync(join(folder, "bundle"), bytes);
  const archive = { path: join(folder, "bundle"), where: "bundle" };
  await extractZip(archive, target, { ...DEFAULT_ARTIFACT_LIMITS, ...limits });
  return target;
}

async function refused(
  t: TestContext,
  bytes: Buffer,
  message: RegExp,
  limits: Partial<ArtifactLimits> = {},
): Promise<void> {
  const problems = await problemsOf(() => extract(t, bytes, limits));
  assert.equal(problems.length, 1);
  assert.match(problems.map(describeProblem).join(), message);
}

const file = (name: string, more: Partial<ZipPart> = {}): ZipPart => ({
  name,
  body: "x".repeat(100),
  ...more,
});

test("files and folders come out with our modes, not the archive's", async (t) => {
  const parts = [
    { name: "a/", mode: 0o040777, dosAttributes: 0x10 },
    file("a/b.py", { mode: 0o104777 }),
    file("stored", { stored: true }),
    { name: "empty" },
    file("größe/ü"),
  ];
  const target = await extract(t, zipOf(parts));
  for (const name of ["a/b.py", "stored", "größe/ü"]) {
    assert.equal(readFileSync(join(target, name), "utf8"), "x".repeat(100));
  }
  assert.equal(readFileSync(join(target, "empty"), "utf8"), "");
  assert.equal(statSync(join(target, "a")).mode & 0o7777, 0o700);
  assert.equal(statSync(join(target, "a/b.py")).mode & 0o7777, 0o600);
});

test("zip64 records, descriptors of every length and a comment are read", async (t) => {
  const parts = [
    ...([12, 16, 20, 24] as const).map((descriptor) => file(`d${descriptor}`, { descriptor })),
    file("large", {
      stored: true,
      claim: { uncompressed: 0xffffffff, compressed: 0xffffffff },
      extra: zip64Extra(100, 100),
      localExtra: zip64Extra(100, 100),
    }),
  ];
  const target = await extract(t, zipOf(parts, { zip64: true, comment: Buffer.from("made by us") }));
  assert.deepEqual(readdirSync(target).sort(), ["d12", "d16", "d20", "d24", "large"]);
  assert.equal(readFileSync(join(target, "d24"), "utf8"), "x".repeat(100));
});

test("archives of other tools come out whole", async (t) => {
  const folder = scratchFolder(t);
  const source = join(folder, "model");
  const names = ["a.txt", "ü/größe.txt", "deep/er/b.bin"];
  for (const name of names) {
    mkdirSync(join(source, name, ".."), { recursive: true });
    writeFileSync(join(source, name), name.repeat(1000));
  }
  const streamed =
    "import io, sys, zipfile\n" +
    "class Pipe(io.RawIOBase):\n" +
    "    def __init__(self, out): self.out = out\n" +
    "    def writable(self): return True\n" +
    "    def write(self, data): return self.out.write(data)\n" +
    "with open(sys.argv[1], 'wb') as out, zipfile.ZipFile(Pipe(out), 'w', zipfile.ZIP_DEFLATED) as archive:\n" +
    "    for name in sys.argv[3:]: archive.write(sys.argv[2] + '/' + name, 'model/' + name)\n";
  const appended =
    "import sys, zipfile\n" +
    "for name in sys.argv[3:]:\n" +
    "    with zipfile.ZipFile(sys.argv[1], 'a', zipfile.ZIP_STORED) as archive:\n" +
    "        with archive.open('model/' + name, 'w', force_zip64=True) as entry:\n" +
    "            entry.write(open(sys.argv[2] + '/' + name, 'rb').read())\n";
  const commands: readonly (readonly string[])[] = [
    ["-m", "zipfile", "-c", "@", source],
    ["-c", streamed, "@", source, ...names],
    ["-c", appended, "@", source, ...names],
  ];
  for (const [index, args] of commands.entries()) {
    const path = join(folder, `${index}.zip`);
    execFileSync(
      "python3",
      args.map((arg) => (arg === "@" ? path : arg)),
    );
    const target = await extract(t, readFileSync(path));
    for (const name of names) {
      assert.equal(readFileSync(join(target, "model", name), "utf8"), name.repeat(1000));
    }
  }
});

test("names that lead elsewhere or hide something are refused", async (t) => {
  const wrong: readonly (readonly [string | Buffer, RegExp])[] = [
    ["../evil", /\.\.\/evil: The path leads out of the artifact/],
    ["a/../../evil", /leads out/],
    ["/etc/passwd", /The path is absolute/],
    ["a\\b", /backslash/],
    ["C:\\b", /backslash/],
    ["a\u0000b", /control character/],
    ["", /empty or `\.` part/],
    ["./a", /empty or `\.` part/],
    ["a//b", /empty or `\.` part/],
    [Buffer.from([0x61, 0xff]), /The name is not valid UTF-8/],
  ];
  for (const [name, message] of wrong) await refused(t, zipOf([{ name, body: "x" }]), message);
  await refused(t, zipOf([file("ü", { flags: 0 })]), /does not mark it as UTF-8/);
  const second = Buffer.concat([Buffer.from([0x75, 0x70, 7, 0, 1, 0, 0, 0, 0]), Buffer.from("zz")]);
  await refused(t, zipOf([file("ab", { extra: second })]), /second name that differs/);
  await refused(t, zipOf([file("ab", { localExtra: second })]), /ab: Its header differs/);
});

test("a name may occur once, whatever its case or the spelling of its accents", async (t) => {
  await refused(t, zipOf([file("a"), file("a")]), /a: The name occurs twice/);
  await refused(t, zipOf([file("a"), file("A")]), /only in case/);
  await refused(t, zipOf([file("\u00fc"), file("u\u0308")]), /how accents are written/);
  for (const [one, other] of [
    ["stra\u00dfe", "STRASSE"],
    ["\u017f", "s"],
    ["\u212a", "k"],
  ] as const) {
    await refused(t, zipOf([file(one), file(other)]), /only in case/);
  }
  await refused(t, zipOf([file("a"), file("a/b")]), /for a file and for a folder/);
  await refused(t, zipOf([{ name: "a/" }, file("a")]), /for a file and for a folder/);
});

test("nothing but files and folders is taken", async (t) => {
  const types: readonly (readonly [number, RegExp])[] = [
    [0o120777, /link: Found a symbolic link/],
    [0o020666, /Found a character device/],
    [0o060666, /Found a block device/],
    [0o010666, /Found a pipe/],
    [0o140666, /Found a socket/],
    [0o110000, /Found a thing of an unknown type/],
    [0o040755, /said to be a file and a folder/],
  ];
  for (const [mode, message] of types) await refused(t, zipOf([file("link", { mode })]), message);
  await refused(t, zipOf([{ name: "a/", mode: 0o100644 }]), /said to be a file and a folder/);
  await refused(t, zipOf([file("a", { dosAttributes: 0x10 })]), /said to be a file and a folder/);
  await refused(t, zipOf([file("a/")]), /a folder with content/);
});

test("encrypted, split and strangely compressed archives are refused", async (t) => {
  await refused(t, zipOf([file("a", { flags: 1 })]), /a: It is encrypted/);
  await refused(t, zipOf([file("a", { flags: 0x41 })]), /It is encrypted/);
  await refused(t, zipOf([file("a", { flags: 0x20 })]), /a feature of zip/);
  for (const method of [9, 12, 14, 93, 99]) {
    await refused(t, zipOf([file("a", { method })]), new RegExp(`compressed by method ${method}`));
  }
  const split = zipOf([file("a")]);
  split.writeUInt16LE(1, split.length - 22 + 4);
  await refused(t, split, /one part of several/);
});

test("bytes that belong to no entry, or to two, are refused", async (t) => {
  const gap = Buffer.from("hidden");
  await refused(t, zipOf([file("a", { gap })]), /a: Other bytes are before it/);
  await refused(t, zipOf([file("a"), file("b", { gap })]), /Other bytes are behind it/);
  await refused(t, zipOf([file("a")], { beforeDirectory: gap }), /Other bytes are behind it/);
  await refused(t, zipOf([], { beforeDirectory: gap }), /Other bytes are before its list/);
  await refused(t, zipOf([file("a")], { trailing: gap }), /does not end with the end record/);
  const inner = zipOf([file("b")]);
  await refused(t, zipOf([file("a")], { comment: inner }), /has two end records/);
  await refused(t, Buffer.concat([gap, zipOf([file("a")])]), /not where its end record says/);
  const twice = [file("a"), file("b", { claim: { offset: 0 } })];
  await refused(t, zipOf(twice), /Other bytes are|overlaps another|differs/);
  await refused(t, zipOf([file("a", { padding: gap })]), /not valid deflate data/);
});

test("two headers of an entry that disagree are refused", async (t) => {
  const differ = /a: Its header differs from the list/;
  await refused(t, zipOf([file("a", { localName: "b" })]), differ);
  await refused(t, zipOf([file("a", { localName: "ab" })]), differ);
  for (const local of [{ crc: 1 }, { compressed: 1 }, { uncompressed: 1 }, { flags: 2 }, { method: 0 }]) {
    await refused(t, zipOf([file("a", { local })]), differ);
  }
  const wrong = zipOf([file("a", { descriptor: 16 })]);
  const at = wrong.indexOf(Buffer.from([0x50, 0x4b, 0x07, 0x08]));
  wrong.writeUInt32LE(7, at + 8);
  await refused(t, wrong, /Other bytes are behind it/);
});

test("lies about size, check sum and number are refused", async (t) => {
  await refused(t, zipOf([file("a", { claim: { uncompressed: 99 } })]), /unpacks to more than its size/);
  await refused(t, zipOf([file("a", { claim: { uncompressed: 101 } })]), /unpacks to less than its size/);
  await refused(t, zipOf([file("a", { claim: { crc: 1 } })]), /check sum is wrong/);
  await refused(t, zipOf([file("a", { stored: true, claim: { compressed: 3 } })]), /two different sizes/);
  await refused(t, zipOf([file("a", { claim: { compressed: 50_000 } })]), /behind it, or it overlaps/);
  await refused(t, zipOf([file("a", { claim: { compressed: 3 } })]), /behind it, or it overlaps/);
  await refused(t, zipOf([file("a")], { entries: 2 }), /another number of entries/);
  await refused(t, zipOf([file("a"), file("b")], { entries: 1 }), /another number of entries/);
  await refused(t, zipOf([file("a")], { directoryOffset: 3 }), /not where its end record says/);
  const claim = { uncompressed: 0xffffffff };
  await refused(t, zipOf([file("a", { claim })]), /zip64 field lacks a number/);
  const huge = zip64Extra(2 ** 52);
  await refused(t, zipOf([file("a", { claim, extra: huge })]), /a: The file is larger than/);
  const twice = Buffer.concat([zip64Extra(100), zip64Extra(100)]);
  await refused(t, zipOf([file("a", { claim, extra: twice })]), /extra field is not sound/);
  const beyond = zip64Extra(0);
  beyond.fill(0xff, 4);
  await refused(t, zipOf([file("a", { claim, extra: beyond })]), /extra field is not sound/);
  await refused(t, zipOf([file("a", { extra: Buffer.from([1, 0, 9, 0]) })]), /extra field is not sound/);
  const lie = zipOf([file("a")], { zip64: true });
  lie.writeUInt16LE(3, lie.length - 22 + 8);
  lie.writeUInt16LE(3, lie.length - 22 + 10);
  await refused(t, lie, /two end records disagree/);
});

test("limits hold before anything is written", async (t) => {
  const many = Array.from({ length: 11 }, (_, index) => file(`f${index}`));
  await refused(t, zipOf(many), /more than 10 entries/, { maxEntries: 10 });
  await refused(t, zipOf(many, { entries: 1 }), /more than 10 entries/, { maxEntries: 10 });
  await refused(t, zipOf([file("a")]), /a: The file is larger than 99 bytes/, { maxFileBytes: 99 });
  await refused(t, zipOf([file("a"), file("b")]), /more than 199 bytes/, { maxTotalBytes: 199 });
  const zeros = zipOf([{ name: "zeros", body: Buffer.alloc(64 * 1024 ** 2) }]);
  await refused(t, zeros, /unpacks to more than 200 times its size/);
});

test("a bomb of overlapping entries and 100,000 files are refused at once", async (t) => {
  const body = Buffer.alloc(1024 ** 2);
  const overlapping = Array.from({ length: 10 }, (_, index) => ({
    ...file(`f${index}`, { body }),
    ...(index === 0 ? {} : { claim: { offset: 0 } }),
  }));
  await refused(t, zipOf(overlapping), /overlaps|differs/);
  const flood = Array.from({ length: 100_000 }, (_, index) => ({ name: `f${index}`, stored: true }));
  await refused(t, zipOf(flood, { zip64: true }), /more than 20000 entries/);
});

test("damaged archives are refused", async (t) => {
  const whole = zipOf([file("a"), file("b")]);
  await refused(t, Buffer.alloc(0), /does not end with the end record/);
  await refused(t, Buffer.from("hello"), /does not end with the end record/);
  await refused(t, whole.subarray(0, whole.length - 1), /does not end with the end record/);
  await refused(t, whole.subarray(1), /not where its end record says/);
});

test("compiled Python code is left in the archive", async (t) => {
  const target = await extract(t, zipOf([file("a/__pycache__/m.pyc"), file("a/m.py")]));
  assert.deepEqual(readdirSync(join(target, "a")), ["m.py"]);
});

test("an archive with any bytes changed unpacks to the same files or is refused, and nothing else happens", async (t) => {
  const whole = zipOf([
    { name: "a/", mode: 0o040755, dosAttributes: 0x10 },
    file("a/b.py", { descriptor: 16 }),
    file("größe", { stored: true }),
    file("c", { extra: zip64Extra() }),
  ]);
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  let unpacked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
      const bytes = Buffer.from(whole);
      for (const { at, byte } of changes) bytes[at] = byte;
      const target = await extract(t, bytes).catch((error: unknown) => {
        assert.ok(error instanceof Refusal, String(error));
        assert.doesNotMatch(error.message, /could not be unpacked/);
        return undefined;
      });
      if (target === undefined) return;
      unpacked += 1;
      assert.deepEqual(readdirSync(join(target, "..")).sort(), ["bundle", "out"]);
      for (const name of readdirSync(target, { recursive: true, encoding: "utf8" })) {
        const path = join(target, name);
        if (statSync(path).isFile()) assert.equal(readFileSync(path, "utf8"), "x".repeat(100), name);
      }
    }),
    { seed: 5, numRuns: 400 },
  );
  assert.ok(unpacked > 0);
});

test("nothing is written outside the target", async (t) => {
  const folder = scratchFolder(t);
  const target = join(folder, "out");
  mkdirSync(target);
  writeFileSync(join(folder, "bundle"), zipOf([file("good"), file("../evil")]));
  const archive = { path: join(folder, "bundle"), where: "bundle" };
  await problemsOf(() => extractZip(archive, target, DEFAULT_ARTIFACT_LIMITS));
  assert.equal(existsSync(join(folder, "evil")), false);
  assert.deepEqual(readdirSync(target), []);
});
