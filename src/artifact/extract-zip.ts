/**
 * Unpacks a zip archive that nobody has vouched for. Tools read such archives in different ways, by the list at the
 * end or by the headers before the files; here both must say the same, and every byte must belong to exactly one of
 * them. So nothing overlaps, nothing hides between, before or behind the entries, and no other tool sees other files.
 */
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { refusal, shown } from "../problems.js";
import type { ArtifactLimits } from "./artifact-limits.js";
import { entryWriter, type EntryWriter } from "./entry-writer.js";
import { DAMAGED_REMEDY, REPACK_REMEDY, unpackRefusal } from "./unpack-remedies.js";
import { DEFLATED, readZipDirectory, type ZipEntry } from "./zip-directory.js";
import { readZipEnd, TAIL_BYTES } from "./zip-end.js";
import { locateData } from "./zip-layout.js";

const MOST_DIRECTORY_BYTES = 64 * 1024 ** 2;
const CHUNK_BYTES = 64 * 1024;

/**
 * Unpacks `archive` into the empty folder `target`: files get mode 0600, folders 0700. `__pycache__` folders are left
 * out. Nothing is written before all headers are found sound.
 * @throws Refusal at the first thing that is wrong; `target` then holds what was unpacked so far
 */
export async function extractZip(
  archive: { readonly path: string; readonly where: string },
  target: string,
  limits: ArtifactLimits,
): Promise<void> {
  const { where } = archive;
  const writer = entryWriter(target);
  const file = await open(archive.path).catch((error: unknown) => {
    throw unpackRefusal(error, where, "deflate");
  });
  try {
    const { size } = await file.stat();
    const end = readZipEnd(await readBytes(file, Math.max(0, size - TAIL_BYTES), size), size);
    if (typeof end === "string") throw refusal(where, "", end, DAMAGED_REMEDY);
    if (end.bytes > MOST_DIRECTORY_BYTES) {
      throw refusal(where, "", "Its list of entries is too large.", REPACK_REMEDY);
    }
    const directory = await readBytes(file, end.offset, end.offset + end.bytes);
    const entries = readZipDirectory(directory, end.entries, size, where, limits);
    const read = (from: number, to: number): Promise<Buffer> => readBytes(file, from, to);
    for (const { entry, dataAt } of await locateData(entries, end.offset, where, read)) {
      await writeEntry(file, entry, dataAt, where, writer);
    }
  } catch (error) {
    throw unpackRefusal(error, where, "deflate");
  } finally {
    writer.abandon();
    await file.close();
  }
}

async function writeEntry(
  file: FileHandle,
  entry: ZipEntry,
  dataAt: number,
  where: string,
  writer: EntryWriter,
): Promise<void> {
  const { path, kind, uncompressed, crc, compressed, method } = entry;
  // Compiled code could stand for other code than the source beside it.
  if (path.split("/").includes("__pycache__")) return;
  if (kind === "folder") {
    writer.folder(path);
    return;
  }
  const offence = (message: string): Error => refusal(where, shown(path), message, DAMAGED_REMEDY);
  const stored = readRange(file, dataAt, dataAt + compressed);
  let [size, sum] = [0, 0];
  writer.begin(path);
  for await (const chunk of method === DEFLATED ? inflate(stored, compressed) : stored) {
    size += chunk.length;
    if (size > uncompressed) throw offence("It unpacks to more than its size.");
    sum = crc32(chunk, sum);
    writer.write(chunk);
  }
  writer.finish();
  if (size !== uncompressed) throw offence("It unpacks to less than its size.");
  if (sum !== crc) throw offence("Its check sum is wrong.");
}

async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += CHUNK_BYTES) {
    yield await readBytes(file, at, Math.min(end, at + CHUNK_BYTES));
  }
}

/** @param compressed how many bytes there are; what is left of them behind the end of the data is an offence */
async function* inflate(chunks: AsyncIterable<Buffer>, compressed: number): AsyncGenerator<Buffer> {
  const inflated = createInflateRaw();
  // Its errors, too, come out of the loop.
  void pipeline(Readable.from(chunks), inflated).catch(() => undefined);
  for await (const chunk of inflated as AsyncIterable<Buffer>) yield chunk;
  if (inflated.bytesWritten !== compressed) throw Object.assign(new Error(), { code: "Z_DATA_ERROR" });
}

/** @throws an error without a code when the file has become shorter */
async function readBytes(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error("the archive became shorter while it was read");
    filled += bytesRead;
  }
  return bytes;
}
