/** Protobuf's wire format as it may be written and as no library writes it: long varints, unknown fields, groups. */
import type { Random } from "../fuzz/random.js";

/** The bytes of a varint, with up to `extra` bytes more than it needs, as long as there are no more than ten. */
export function varint(value: bigint, extra = 0): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn || bytes.length < extra) {
    // The tenth byte is the last one.
    if (bytes.length === 9) break;
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

/** A tag, in up to five bytes. */
export function tag(number: number, wire: number, extra = 0): number[] {
  return varint((BigInt(number) << 3n) | BigInt(wire), Math.min(extra, 4));
}

export function lengthDelimited(number: number, content: Uint8Array, random: Random): Buffer {
  const head = tag(number, 2, longer(random));
  return Buffer.concat([Buffer.from([...head, ...varint(BigInt(content.length), longer(random))]), content]);
}

export function scalarField(number: number, wire: number, content: Uint8Array, random: Random): Buffer {
  return Buffer.concat([Buffer.from(tag(number, wire, longer(random))), content]);
}

/** Mostly none: how many bytes a varint is longer than it has to be. */
export function longer(random: Random): number {
  return random.below(8) === 0 ? random.below(10) : 0;
}

/** A field that no contract has, with a number that is not taken. */
export function unknownField(taken: ReadonlySet<number>, random: Random, depth = 2): Buffer {
  const numbers = [1, 2, 3, 15, 16, 127, 2047, 19_500, 536_870_911, 400_000_000 + random.below(1000)];
  const number = random.pick(numbers.filter((one) => !taken.has(one)));
  const content = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)));
  switch (random.below(depth > 0 ? 5 : 4)) {
    case 0:
      return scalarField(
        number,
        0,
        Buffer.from(varint(BigInt(random.below(2 ** 31)), longer(random))),
        random,
      );
    case 1:
      return scalarField(number, 1, content(8), random);
    case 2:
      return lengthDelimited(number, content(random.below(20)), random);
    case 3:
      return scalarField(number, 5, content(4), random);
    default: {
      // In a group every number is unknown.
      const inner = Array.from({ length: random.below(3) }, () => unknownField(new Set(), random, depth - 1));
      const [start, end] = [tag(number, 3, longer(random)), tag(number, 4, longer(random))];
      return Buffer.concat([Buffer.from(start), ...inner, Buffer.from(end)]);
    }
  }
}
