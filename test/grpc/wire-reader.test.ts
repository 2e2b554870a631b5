/** The reader of the wire format against that of protobuf-es, over bytes that are sometimes right and mostly wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { MalformedError, WireReader } from "../../src/grpc/wire-reader.js";

const METHODS = ["tag", "bool", "int64", "double", "text", "skip"] as const;
type Method = (typeof METHODS)[number];

/** What one reading gave and where the reader stood then, or that it was refused. */
type Outcome = readonly [value: unknown, at: number] | "refused";

function ours(reader: WireReader, method: Method): Outcome {
  try {
    if (method !== "skip") return [reader[method](), reader.at];
    reader.skip(reader.tag());
    return [undefined, reader.at];
  } catch (thrown) {
    assert.ok(thrown instanceof MalformedError, String(thrown));
    return "refused";
  }
}

function theirs(bytes: Uint8Array, method: Method): Outcome {
  const reader = new BinaryReader(bytes);
  const read = (): unknown => {
    switch (method) {
      case "tag": {
        const [number, wire] = reader.tag();
        return ((number << 3) | wire) >>> 0;
      }
      case "skip": {
        const [number, wire] = reader.tag();
        reader.skip(wire, number);
        return undefined;
      }
      case "int64":
        return BigInt(reader.int64());
      case "text":
        return textOf(reader);
      default:
        return reader[method]();
    }
  };
  try {
    const value = read();
    // A few of its methods look at the bounds only when they are next used.
    return reader.pos > reader.len ? "refused" : [value, reader.pos];
  } catch {
    return "refused";
  }
}

function textOf(reader: BinaryReader): string | undefined {
  try {
    return reader.string(true);
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

const byte = fc.oneof(
  fc.constantFrom(0x00, 0x01, 0x02, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x7b, 0x7c, 0x7f, 0x80, 0xff),
  fc.nat({ max: 255 }),
);

test("any bytes are read as protobuf-es reads them, or refused where it refuses", () => {
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 16 }), fc.constantFrom(...METHODS), (values, method) => {
      const bytes = Uint8Array.from(values);
      const outcome = ours(new WireReader(bytes), method);
      assert.deepEqual(outcome, theirs(bytes, method));
      outcomes[outcome === "refused" ? "refused" : "read"] += 1;
    }),
    { seed: 21, numRuns: 30_000 },
  );
  assert.ok(outcomes.read > 3000 && outcomes.refused > 3000, JSON.stringify(outcomes));
});

test("a message ends where it ends, whatever stands behind it in the buffer", () => {
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 12 }),
      fc.array(byte, { maxLength: 12 }),
      fc.constantFrom(...METHODS),
      (values, behind, method) => {
        const reader = new WireReader(Uint8Array.from([...values, ...behind]));
        reader.turnTo({ from: 0, to: values.length });
        const alone = new WireReader(Uint8Array.from(values));
        assert.deepEqual(ours(reader, method), ours(alone, method));
      },
    ),
    { seed: 22, numRuns: 20_000 },
  );
});

test("an int64 as a number is the number, as far as numbers go", () => {
  const varint = (value: bigint): Uint8Array => {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    return Uint8Array.from([...bytes, Number(rest)]);
  };
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      assert.equal(new WireReader(varint(value)).int64AsNumber(), Number(value));
      assert.equal(new WireReader(varint(value)).int64(), value);
    }),
    { seed: 23, numRuns: 1000 },
  );
});
