/** Decodes header blocks (HPACK, RFC 7541). One for each connection: blocks refer to what earlier ones said. */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { FieldCache } from "./field-cache.js";
import { makeField, type Field } from "./field.js";
import { decodeHuffman } from "./huffman.js";
import { HeaderTable, MAX_TABLE_BYTES, fieldSize } from "./hpack-tables.js";

/** Bytes that may follow the prefix of an integer: enough for 28 bits, and no length or index here needs more. */
const MAX_INTEGER_BYTES = 4;

export class HpackDecoder {
  readonly #table = new HeaderTable();
  readonly #cache = new FieldCache();
  readonly #maxListBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #listBytes = 0;

  /** @param maxListBytes largest list of fields, as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113, 6.5.2) */
  constructor(maxListBytes: number) {
    this.#maxListBytes = maxListBytes;
  }

  /**
   * The fields of one whole block, in order; `undefined` when the list is too large. Even then the block is read to
   * its end: later ones refer to its fields.
   * @throws ConnectionError COMPRESSION_ERROR when the block breaks the rules of HPACK
   */
  decode(bytes: Buffer, start: number, end: number): Field[] | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#listBytes = 0;
    const fields: Field[] = [];
    this.#readSizeUpdates();
    while (this.#at < end) {
      const field = this.#readField();
      this.#listBytes += fieldSize(field);
      if (this.#listBytes <= this.#maxListBytes) fields.push(field);
    }
    // What was received must not be kept in memory by a decoder that is idle.
    this.#bytes = NOTHING;
    return this.#listBytes <= this.#maxListBytes ? fields : undefined;
  }

  /** Updates of the table's size stand at the beginning of a block, and two are enough for any change (RFC 7541, 4.2). */
  #readSizeUpdates(): void {
    for (let updates = 0; this.#at < this.#end && (this.#peek() & 0xe0) === 0x20; updates += 1) {
      const size = this.#readInteger(0x1f);
      if (size > MAX_TABLE_BYTES || updates === 2) throw broken("changes the size of the table wrongly");
      this.#table.resize(size);
    }
  }

  #readField(): Field {
    const first = this.#peek();
    if (first >= 0x80) return this.#fieldAt(this.#readInteger(0x7f));
    if (first >= 0x40) {
      const field = makeField(this.#readName(0x3f), this.#readString());
      this.#table.insert(field);
      return field;
    }
    if (first >= 0x20) throw broken("changes the size of the table between fields");
    // A field that is never to be indexed is a secret: it is not remembered here either.
    return first >= 0x10 ? makeField(this.#readName(0x0f), this.#readString()) : this.#readPlainField();
  }

  #readPlainField(): Field {
    const name = this.#readName(0x0f);
    const isHuffman = this.#peek() >= 0x80;
    const length = this.#readLength();
    const start = this.#at;
    const end = start + length;
    const known = this.#cache.find(name, isHuffman, this.#bytes, start, end);
    this.#at = end;
    if (known !== undefined) return known;
    const field = makeField(name, this.#text(isHuffman, start, end));
    this.#cache.keep(field, isHuffman, this.#bytes, start, end);
    return field;
  }

  #readName(prefix: number): string {
    const index = this.#readInteger(prefix);
    return index === 0 ? this.#readString() : this.#fieldAt(index).name;
  }

  #readString(): string {
    const isHuffman = this.#peek() >= 0x80;
    const length = this.#readLength();
    const start = this.#at;
    this.#at = start + length;
    return this.#text(isHuffman, start, this.#at);
  }

  #text(isHuffman: boolean, start: number, end: number): string {
    return isHuffman ? decodeHuffman(this.#bytes, start, end) : this.#bytes.toString("latin1", start, end);
  }

  #fieldAt(index: number): Field {
    const field = this.#table.at(index);
    if (field === undefined) throw broken("refers to a field that is in neither table");
    return field;
  }

  #readLength(): number {
    const length = this.#readInteger(0x7f);
    if (length > this.#end - this.#at) throw broken("ends within a string");
    return length;
  }

  /** @param prefix the bits of the first byte that belong to the integer (RFC 7541, 5.1) */
  #readInteger(prefix: number): number {
    let value = this.#peek() & prefix;
    this.#at += 1;
    if (value < prefix) return value;
    for (let bytes = 0; bytes < MAX_INTEGER_BYTES; bytes += 1) {
      const octet = this.#peek();
      this.#at += 1;
      value += (octet & 0x7f) << (7 * bytes);
      if (octet < 0x80) return value;
    }
    throw broken("has an integer that is too long");
  }

  #peek(): number {
    const octet = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (octet === undefined) throw broken("ends too early");
    return octet;
  }
}

const NOTHING = Buffer.alloc(0);

function broken(what: string): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, `a header block ${what}`);
}
