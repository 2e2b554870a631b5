/** The messages of gRPC: what is read is what protobuf-es reads; what is refused it refuses too, or a rule of the contract is broken. */
import assert from "node:assert/strict";
import { createFileRegistry, fromBinary, type DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { GatewayError } from "../../../src/errors.js";
import { MALFORMED } from "../../../src/grpc/decode-leaf.js";
import { compileDecode } from "../../../src/grpc/decode.js";
import { readStreamItem } from "../../../src/grpc/stream-items.js";
import { buildDescriptorSet } from "../../../src/proto/descriptor.js";
import { comparable } from "../../grpc/comparable.js";
import { createOracle } from "../../grpc/es-oracle.js";
import { spellMessage } from "../../grpc/spelled-message.js";
import { structOf } from "../../grpc/value-arbitrary.js";
import { sampleService } from "../../support/sample-service.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { createRandom } from "../random.js";

const SEEDS = 24;

/** Tags, lengths and numbers at the borders of what they may be. */
const WORDS = [
  ...["00", "01", "07", "08", "0a", "0b", "0c", "0d", "12", "1a", "22", "2a", "32", "3a", "42", "4a", "52"],
  ...["5a", "62", "7b", "7c", "7fffff", "ff", "80", "8000", "808080808000", "80808080808080808000"],
  ...["ffffffff0f", "ffffffff1f", "ffffffffffffffffff01", "ffffffffffffffffff02", "80808080808080808001"],
  ...["0a00", "1200", "0a80", "0affffffff0f", "0affffffff07", "0a8080808010", "f8ffffff0f00"],
  ...["000000000000f87f", "000000000000f0ff", "0000000000000080", "0100000000000000"],
  ...["c328", "eda080", "f4908080", "efbfbd", "00"],
].map((hex) => Buffer.from(hex, "hex"));

export function openGrpc(): FuzzTarget {
  const service = sampleService();
  const { request } = service.operation;
  const decode = compileDecode(service);
  const oracle = createOracle(service);
  const registry = createFileRegistry(buildDescriptorSet(service));
  const root = registry.getMessage(`${service.protoPackage}.${request.name}`);
  const item = registry.getMessage(`${service.protoPackage}.EvaluateStreamRequest`);
  assert.ok(root !== undefined && item !== undefined);
  const messages = fc.sample(structOf(request), { numRuns: SEEDS, seed: 1 });
  const spelled = messages.map((message, index) =>
    spellMessage(request, message, { random: createRandom(index) }),
  );
  const items = spelled.map((message, index) =>
    new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .string(String(index))
      .tag(2, WireType.LengthDelimited)
      .bytes(message)
      .finish(),
  );
  return {
    seeds: [...spelled, ...items],
    words: [...WORDS, "id", "2024", "1.5", "1e3", "NaN"],
    close: () => Promise.resolve(),
    run(input) {
      const outcome = outcomeOf(() => decode(input));
      if (!(outcome instanceof GatewayError)) {
        const theirs = comparable(oracle.decode(request, input));
        // Whose decimals are as they were sent.
        if (!/"[^"]*\\d[eE]/.test(theirs)) assert.equal(canonical(comparable(outcome)), canonical(theirs));
      } else {
        const { code, violations } = outcome;
        assert.equal(code, "invalid_input");
        assert.ok(violations.length > 0, "a refusal says nothing");
        if (violations.every(({ message }) => message === MALFORMED))
          assert.ok(!isWellFormed(root, input), "what is said to be malformed is not");
      }
      const framed = outcomeOf(() => readStreamItem(input));
      // The request in it is read later, and protobuf-es reads it along.
      if (framed instanceof GatewayError || outcomeOf(() => decode(framed.request)) instanceof GatewayError)
        return;
      assert.equal(framed.id, idOf(fromBinary(item, input)), "protobuf-es reads another id");
    },
  };
}

/** Without what a decimal may have more than its canonical form. */
function canonical(text: string): string {
  return text
    .replaceAll(/"text":"\+?(-?)0*(?=\d)/g, '"text":"$1')
    .replaceAll(/"text":"\+?(-?)\./g, '"text":"$10.')
    .replaceAll(/"text":"-(0?(?:\.0*)?)"/g, '"text":"$1"')
    .replaceAll(/\."/g, '"');
}

/**
 * Whether each field ends where its message ends, or before. protobuf-es itself lets a field run on behind the end of its message,
 * so each message is given to a reader of its own.
 */
function isWellFormed(message: DescMessage, bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      const field = message.fields.find((one) => one.number === number);
      const inner = field?.fieldKind === "message" || field?.fieldKind === "list" ? field.message : undefined;
      if (field !== undefined && wire === WireType.LengthDelimited) {
        const content = reader.bytes();
        if (inner !== undefined && !isWellFormed(inner, content)) return false;
        if (field.fieldKind === "map" && !isEntry(content)) return false;
        // The only list of scalars of the sample are doubles.
        if (field.fieldKind === "list" && inner === undefined && content.length % 8 !== 0) return false;
      } else if (field !== undefined && wire === WireType.Varint) reader.int64();
      else reader.skip(wire, number);
    }
    return reader.pos === reader.len;
  } catch {
    return false;
  }
}

function isEntry(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === 2 && wire === WireType.Varint) reader.int64();
    else reader.skip(wire, number);
  }
  return reader.pos === reader.len;
}

function idOf(message: object): unknown {
  return Object.hasOwn(message, "id") ? Reflect.get(message, "id") : undefined;
}

function outcomeOf<T>(read: () => T): T | GatewayError {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof GatewayError, `the decoder throws ${String(error)}`);
    return error;
  }
}
