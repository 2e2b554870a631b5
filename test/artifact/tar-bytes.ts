/** Tar archives made byte by byte, so that a test can make those which no tool would write. */

export interface TarEntry {
  readonly name: string | Buffer;
  /** Type flag: `0` file, `5` folder, `2` symbolic link, `x` pax header, `L` GNU long name… */
  readonly type?: string;
  readonly body?: Buffer | string;
  readonly link?: string;
  /** The size that the header claims, when it is not that of the body. */
  readonly size?: number;
  readonly mode?: string;
}

export const END_MARK = Buffer.alloc(1024);

/** A whole archive with its end mark. */
export function tarOf(...entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), END_MARK]);
}

/** Header, body and padding of one entry (POSIX ustar). */
export function tarEntry(entry: TarEntry): Buffer {
  const body = Buffer.from(entry.body ?? "");
  const header = Buffer.alloc(512);
  Buffer.from(entry.name).copy(header, 0, 0, 100);
  header.write(`${entry.mode ?? "0000777"}\0`, 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${(entry.size ?? body.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156);
  header.write(entry.link ?? "", 157);
  header.write("ustar\0" + "00", 257);
  mendChecksums(header);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** A pax header with these records for the entry that follows. */
export function paxHeader(records: Readonly<Record<string, string>>, type = "x"): TarEntry {
  const body = Object.entries(records).map(([key, value]) => paxRecord(key, value));
  return { name: "PaxHeader", type, body: body.join("") };
}

/** `27 path=python_dict/main.py\n`, whose number counts its own digits. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
}

/** Writes the right checksum into every block that looks like a header. */
export function mendChecksums(archive: Buffer): void {
  for (let at = 0; at + 512 <= archive.length; at += 512) {
    const block = archive.subarray(at, at + 512);
    if (!block.subarray(257, 262).equals(Buffer.from("ustar"))) continue;
    block.write("        ", 148);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  }
}
