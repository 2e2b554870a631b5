import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { paxHeader, paxRecord, tarOf, type TarEntry } from "./tar-bytes.js";
import { extract, file, folderEntry, refused } from "./unpacking.js";

test("names that lead elsewhere or hide something are refused", async (t) => {
  const names: readonly (readonly [string | Buffer, RegExp])[] = [
    ["../evil", /leads out of the artifact/],
    ["a/../../evil", /leads out of the artifact/],
    ["a/..", /leads out of the artifact/],
    ["./../evil", /leads out of the artifact/],
    ["/etc/evil", /absolute/],
    [".//etc/evil", /absolute/],
    ["a//b", /empty or `\.` part/],
    ["a/./b", /empty or `\.` part/],
    ["a\\b", /backslash/],
    ["a\nb", /control character/],
    ["a\u007fb", /control character/],
    ["a\u009bb", /control character/],
    ["\u001b[31m", /bundle: \\u\{1b\}\[31m: .*control character/],
    [Buffer.from([0x61, 0xff, 0x62]), /not valid UTF-8/],
    ["--checkpoint-action=exec", /begins with `-`/],
    [`${"d/".repeat(32)}f`, /deeper than 32 folders/],
  ];
  for (const [name, message] of names) await refused(t, tarOf(file(name)), message);
  for (const name of ["../evil/", "/evil/"]) await refused(t, tarOf(folderEntry(name)), /leads out|absolute/);
});

test("over-long names are refused", async (t) => {
  const long = "n".repeat(256);
  await refused(t, tarOf(paxHeader({ path: long }), file("short")), /longer than 255 bytes/);
  const deep = `${"n".repeat(200)}/`.repeat(6) + "f";
  await refused(
    t,
    tarOf({ name: "L", type: "L", body: `${deep}\0` }, file("short")),
    /longer than 1024 bytes/,
  );
  await refused(
    t,
    tarOf(paxHeader({ path: "n".repeat(70_000) }), file("short")),
    /extended header over 65536/,
  );
});

test("nothing but files and folders is taken", async (t) => {
  const types: readonly (readonly [string, RegExp])[] = [
    ["1", /Found a Link/],
    ["2", /Found a SymbolicLink/],
    ["3", /Found a CharacterDevice/],
    ["4", /Found a BlockDevice/],
    ["6", /Found a FIFO/],
    ["D", /Found a GNUDumpDir/],
    ["S", /Found a SparseFile/],
    ["V", /Found a TapeVolumeHeader/],
    ["M", /Found a ContinuationFile/],
    ["Z", /Found a/],
  ];
  for (const [type, message] of types) {
    const link = type === "1" || type === "2" ? "/etc/passwd" : "";
    await refused(t, tarOf(file("first"), { name: "a", type, link }, file("a/evil")), message);
  }
});

test("a name may occur once, whatever its case or the spelling of its accents", async (t) => {
  await refused(t, tarOf(file("a"), file("a")), /occurs twice/);
  await refused(t, tarOf(file("./a"), file("a")), /occurs twice/);
  await refused(t, tarOf(file("a/Main.py"), file("a/main.py")), /differs from another one only in case/);
  await refused(t, tarOf(file("A/x"), file("a/y")), /differs from another one only in case/);
  await refused(t, tarOf(file("caf\u00e9"), file("cafe\u0301")), /how accents are written/);
  await refused(t, tarOf(file("a"), file("a/b")), /for a file and for a folder/);
  await refused(t, tarOf(file("a/b"), file("a")), /for a file and for a folder/);
  await refused(t, tarOf(folderEntry("a/"), file("a")), /for a file and for a folder/);
  await extract(t, tarOf(folderEntry("a/"), file("a/b"), folderEntry("a/")));
});

test("long and foreign names come through as they are", async (t) => {
  const long = `${"d".repeat(90)}/${"größe-".repeat(20)}.json`;
  const pax = await extract(t, tarOf(paxHeader({ path: long, mtime: "1.5" }), file("short", "pax")));
  assert.equal(readFileSync(join(pax, long), "utf8"), "pax");
  const gnu = await extract(t, tarOf({ name: "L", type: "L", body: `${long}\0` }, file("short", "gnu")));
  assert.equal(readFileSync(join(gnu, long), "utf8"), "gnu");
  const global = await extract(t, tarOf(paxHeader({ comment: "a1b2" }, "g"), file("a", "git")));
  assert.equal(readFileSync(join(global, "a"), "utf8"), "git");
});

test("a foreign name survives wherever the stream is cut", async (t) => {
  // The file stream cuts every 64 KiB; each padding moves that cut to another byte of the name.
  const name = "ü€𝄞".repeat(27);
  for (let shift = 0; shift < 9; shift += 1) {
    const header = paxHeader({ comment: "c".repeat(900 + shift), path: name });
    const padding = file("padding", "x".repeat(65536 - 512 - 512 - 1024));
    const target = await extract(t, tarOf(padding, header, file("short", "here")));
    assert.equal(readFileSync(join(target, name), "utf8"), "here");
  }
});

test("extended headers that tools read differently are refused", async (t) => {
  const header = (body: string | Buffer): TarEntry => ({ name: "PaxHeader", type: "x", body });
  await refused(t, tarOf(paxHeader({ path: "a\nb" }), file("a")), /record that is not sound/);
  await refused(t, tarOf(header("99 path=evil\n"), file("a")), /record that is not sound/);
  await refused(t, tarOf(paxHeader({ size: "1e0" }), file("a")), /record that is not sound/);
  await refused(t, tarOf(paxHeader({ path: "a\0b" }), file("a")), /has a NUL in it/);
  const invalid = Buffer.from(paxRecord("path", "a?b"));
  invalid[invalid.indexOf("?")] = 0xff;
  await refused(t, tarOf(header(invalid), file("a")), /extended header is not valid UTF-8/);
  await refused(t, tarOf(paxHeader({ path: "b" }, "g"), file("a")), /global header/);
  await refused(t, tarOf(paxHeader({ "GNU.sparse.major": "1" }), file("a")), /sparse file/);
});

test("compiled Python code is left in the archive", async (t) => {
  const target = await extract(
    t,
    tarOf(folderEntry("a/__pycache__/"), file("a/__pycache__/m.pyc"), file("a/m.py")),
  );
  assert.deepEqual(readdirSync(join(target, "a")), ["m.py"]);
  await refused(t, tarOf(file("__pycache__/../../evil")), /leads out of the artifact/);
});
