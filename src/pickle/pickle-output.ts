/**
 * Writes single values as pickle protocol 4 (opcodes: Python's `pickletools`), each in the form that Python reads
 * fastest. The memo of a pickle holds nothing but the classes that it names.
 */
import { ByteOutput } from "../byte-output.js";
import { readDay, readMoment } from "../lexical.js";
import type { CalendarDate, DateTime, Decimal } from "../values.js";

const OP = {
  proto: 0x80,
  stop: 0x2e,
  none: 0x4e,
  true: 0x88,
  false: 0x89,
  float: 0x47,
  int32: 0x4a,
  uint8: 0x4b,
  uint16: 0x4d,
  long1: 0x8a,
  shortText: 0x8c,
  text: 0x58,
  shortBytes: 0x43,
  emptyDict: 0x7d,
  emptyList: 0x5d,
  mark: 0x28,
  setItems: 0x75,
  appends: 0x65,
  tuple1: 0x85,
  global: 0x63,
  memoize: 0x94,
  binGet: 0x68,
  reduce: 0x52,
} as const;

/** The classes that are named, as `GLOBAL` names them. */
type ClassName = "decimal\nDecimal\n" | "datetime\ndatetime\n" | "datetime\ndate\n";

/** Up to this many characters, any text is at most 255 bytes of UTF-8. */
const SHORT_TEXT = 85;

const halves = new DataView(new ArrayBuffer(8));

export class PickleOutput {
  readonly #out = new ByteOutput();
  /** The classes that this pickle has named, in the order of its memo. */
  #named: ClassName[] = [];

  /** Begins a pickle behind `headRoom` bytes that the caller will fill. */
  begin(headRoom: number): void {
    this.#out.restart(headRoom);
    this.#out.twoBytes(OP.proto, 4);
    this.#named = [];
  }

  /** The head room and the pickle, as bytes that no later pickle changes. */
  finish(): Buffer {
    this.#out.byte(OP.stop);
    return this.#out.finish();
  }

  /** Before the items of a list. */
  beginList(length: number): void {
    if (length === 0) this.#out.byte(OP.emptyList);
    else this.#out.twoBytes(OP.emptyList, OP.mark);
  }

  /** After the items of a list. */
  endList(length: number): void {
    if (length > 0) this.#out.byte(OP.appends);
  }

  /** Before the pairs of a dict. */
  beginDict(): void {
    this.#out.twoBytes(OP.emptyDict, OP.mark);
  }

  /** After the pairs of a dict. */
  endDict(): void {
    this.#out.byte(OP.setItems);
  }

  none(): void {
    this.#out.byte(OP.none);
  }

  boolean(value: boolean): void {
    this.#out.byte(value ? OP.true : OP.false);
  }

  float(value: number): void {
    this.#out.byte(OP.float);
    this.#out.double(value, false);
  }

  /** An integer of at most 255 bytes. @throws TypeError for a longer one */
  integer(value: bigint): void {
    halves.setBigInt64(0, value, true);
    const low = halves.getInt32(0, true);
    const fits32 = halves.getInt32(4, true) === low >> 31;
    // What has more than 64 bits was cut.
    if (halves.getBigInt64(0, true) !== value) this.#long(value);
    else if (!fits32) this.#long64(value);
    else if (low >= 0 && low <= 0xff) this.#out.twoBytes(OP.uint8, low);
    else if (low >= 0 && low <= 0xffff) {
      this.#out.byte(OP.uint16);
      this.#out.uint16LE(low);
    } else {
      this.#out.byte(OP.int32);
      this.#out.int32LE(low);
    }
  }

  /** @throws TypeError for a lone surrogate */
  text(text: string): void {
    const out = this.#out;
    if (text.length <= SHORT_TEXT) {
      out.twoBytes(OP.shortText, 0);
      const lengthAt = out.length - 1;
      out.patch(lengthAt, out.utf8(text));
      return;
    }
    out.byte(OP.text);
    out.int32LE(Buffer.byteLength(text));
    out.utf8(text);
  }

  decimal({ text }: Decimal): void {
    this.#class("decimal\nDecimal\n");
    this.text(text);
    this.#out.twoBytes(OP.tuple1, OP.reduce);
  }

  /** Made of the four bytes that Python itself pickles a date as. @throws TypeError for a text that is no date */
  date(date: CalendarDate): void {
    const day = readDay(date);
    if (day === undefined) throw new TypeError("not a calendar date");
    this.#class("datetime\ndate\n");
    this.#out.twoBytes(OP.shortBytes, 4);
    this.#day(day.year, day.month, day.day);
    this.#out.twoBytes(OP.tuple1, OP.reduce);
  }

  /** Made of the ten bytes that Python itself pickles a moment as. @throws TypeError for a text that is no moment */
  dateTime(dateTime: DateTime): void {
    const moment = readMoment(dateTime);
    if (moment === undefined) throw new TypeError("not a date and time");
    const { day, secondOfDay, microsecond } = moment;
    const minuteOfDay = Math.floor(secondOfDay / 60);
    this.#class("datetime\ndatetime\n");
    this.#out.twoBytes(OP.shortBytes, 10);
    this.#day(day.year, day.month, day.day);
    this.#out.twoBytes(Math.floor(minuteOfDay / 60), minuteOfDay % 60);
    this.#out.twoBytes(secondOfDay % 60, microsecond >> 16);
    this.#out.twoBytes((microsecond >> 8) & 0xff, microsecond & 0xff);
    this.#out.twoBytes(OP.tuple1, OP.reduce);
  }

  #day(year: number, month: number, day: number): void {
    this.#out.twoBytes(year >> 8, year & 0xff);
    this.#out.twoBytes(month, day);
  }

  /** A class by name, looked up by Python once in a pickle and then taken from its memo. */
  #class(name: ClassName): void {
    const known = this.#named.indexOf(name);
    if (known >= 0) {
      this.#out.twoBytes(OP.binGet, known);
      return;
    }
    this.#out.byte(OP.global);
    this.#out.ascii(name);
    this.#out.byte(OP.memoize);
    this.#named.push(name);
  }

  #long64(value: bigint): void {
    this.#out.twoBytes(OP.long1, 8);
    this.#out.int64LE(value);
  }

  /** LONG1: two's complement, little-endian, with room for the sign bit. */
  #long(value: bigint): void {
    let length = 9;
    while (BigInt.asIntN(length * 8, value) !== value) length += 1;
    if (length > 0xff) throw new TypeError("integer too long");
    this.#out.twoBytes(OP.long1, length);
    for (let rest = BigInt.asUintN(length * 8, value), index = 0; index < length; index += 1, rest >>= 8n) {
      this.#out.byte(Number(rest & 0xffn));
    }
  }
}
