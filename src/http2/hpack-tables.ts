/** The two tables of HPACK (RFC 7541, section 2.3): one index space, the static table first. */
import { makeField, type Field } from "./field.js";

/** RFC 7541, appendix A, from index 1 on. */
// prettier-ignore
const STATIC_FIELDS = ([
  [":authority", ""], [":method", "GET"], [":method", "POST"], [":path", "/"], [":path", "/index.html"],
  [":scheme", "http"], [":scheme", "https"], [":status", "200"], [":status", "204"], [":status", "206"],
  [":status", "304"], [":status", "400"], [":status", "404"], [":status", "500"], ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"], ["accept-language", ""], ["accept-ranges", ""], ["accept", ""],
  ["access-control-allow-origin", ""], ["age", ""], ["allow", ""], ["authorization", ""], ["cache-control", ""],
  ["content-disposition", ""], ["content-encoding", ""], ["content-language", ""], ["content-length", ""],
  ["content-location", ""], ["content-range", ""], ["content-type", ""], ["cookie", ""], ["date", ""], ["etag", ""],
  ["expect", ""], ["expires", ""], ["from", ""], ["host", ""], ["if-match", ""], ["if-modified-since", ""],
  ["if-none-match", ""], ["if-range", ""], ["if-unmodified-since", ""], ["last-modified", ""], ["link", ""],
  ["location", ""], ["max-forwards", ""], ["proxy-authenticate", ""], ["proxy-authorization", ""], ["range", ""],
  ["referer", ""], ["refresh", ""], ["retry-after", ""], ["server", ""], ["set-cookie", ""],
  ["strict-transport-security", ""], ["transfer-encoding", ""], ["user-agent", ""], ["vary", ""], ["via", ""],
  ["www-authenticate", ""],
] as const).map(([name, value]) => makeField(name, value));

const STATIC_COUNT = STATIC_FIELDS.length;

/** Bytes that each entry counts beside its strings (RFC 7541, 4.1). */
const ENTRY_OVERHEAD = 32;

/** What the dynamic table may hold, in bytes: the default of SETTINGS_HEADER_TABLE_SIZE, which is not changed. */
export const MAX_TABLE_BYTES = 4096;

const MOST_ENTRIES = MAX_TABLE_BYTES / ENTRY_OVERHEAD;

/** The size of a field by the count of RFC 7541 and of SETTINGS_MAX_HEADER_LIST_SIZE, in bytes. */
export function fieldSize(field: Field): number {
  return field.name.length + field.value.length + ENTRY_OVERHEAD;
}

/** The first index of each name in the static table. */
const NAME_INDEXES: ReadonlyMap<string, number> = new Map(
  STATIC_FIELDS.map(({ name }, at): [string, number] => [name, at + 1]).reverse(),
);

/** The index of a field in the static table, or of one that has its name at least; 0 when there is neither. */
export function findStatic(
  name: string,
  value: string,
): { readonly index: number; readonly isWhole: boolean } {
  const first = NAME_INDEXES.get(name);
  if (first === undefined) return NOT_THERE;
  // Fields of one name follow one another.
  for (let index = first; ; index += 1) {
    const field = STATIC_FIELDS[index - 1];
    if (field?.name !== name) return { index: first, isWhole: false };
    if (field.value === value) return { index, isWhole: true };
  }
}

const NOT_THERE = { index: 0, isWhole: false };

/** The fields that a decoder knows by number. Entries are in a ring; the newest one has the lowest index. */
export class HeaderTable {
  readonly #ring: (Field | undefined)[] = new Array<Field | undefined>(MOST_ENTRIES).fill(undefined);
  #newest = 0;
  #count = 0;
  #bytes = 0;
  #maxBytes = MAX_TABLE_BYTES;

  /** The field of an index, `undefined` when there is none. */
  at(index: number): Field | undefined {
    if (index <= STATIC_COUNT) return STATIC_FIELDS[index - 1];
    const age = index - STATIC_COUNT - 1;
    return age < this.#count ? this.#ring[(this.#newest - age + MOST_ENTRIES) % MOST_ENTRIES] : undefined;
  }

  /** Makes a field the newest one. A field larger than the table empties it (RFC 7541, 4.4). */
  insert(field: Field): void {
    const size = fieldSize(field);
    this.#evict(this.#maxBytes - size);
    if (size > this.#maxBytes) return;
    this.#newest = (this.#newest + 1) % MOST_ENTRIES;
    this.#ring[this.#newest] = field;
    this.#count += 1;
    this.#bytes += size;
  }

  /** @param maxBytes at most `MAX_TABLE_BYTES` */
  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#evict(maxBytes);
  }

  #evict(maxBytes: number): void {
    while (this.#count > 0 && this.#bytes > maxBytes) {
      const oldest = (this.#newest - this.#count + 1 + MOST_ENTRIES) % MOST_ENTRIES;
      const field = this.#ring[oldest];
      if (field !== undefined) this.#bytes -= fieldSize(field);
      this.#ring[oldest] = undefined;
      this.#count -= 1;
    }
  }
}
