/**
 * Any contract, any message: what is sent arrives as it was sent, in every spelling that protobuf has for it, and protobuf-es reads the
 * same over the descriptor that is served; what a type cannot hold is refused, and where. `GRPC_PROPERTY_RUNS` makes more of it, and
 * `GRPC_PROPERTY_SEED` others.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FieldType, RequestMessage, Service } from "../../src/contract/model.js";
import { GatewayError, type Violation } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { newStruct, type Struct, type Value } from "../../src/values.js";
import { createRandom } from "../fuzz/random.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { createOracle, type Oracle } from "./es-oracle.js";
import { spellMessage, type Spelling } from "./spelled-message.js";
import { spoiledField } from "./spoiled-values.js";
import { structOf, valueOf } from "./value-arbitrary.js";

const SEED = Number(process.env["GRPC_PROPERTY_SEED"] ?? 6);
const RUNS = Number(process.env["GRPC_PROPERTY_RUNS"] ?? 10);
const CONTRACTS = 60;

interface Case {
  readonly service: Service;
  readonly oracle: Oracle;
  readonly decode: (bytes: Uint8Array) => Struct;
}

const cases: readonly Case[] = sampleContracts(CONTRACTS, SEED).map((service) => ({
  service,
  oracle: createOracle(service),
  decode: compileDecode(service),
}));

/** Runs a property for every contract; a failure names the seed and the values. */
function forEachContract<T>(
  arbitraryOf: (one: Case) => fc.Arbitrary<T>,
  hold: (one: Case, value: T) => void,
): void {
  for (const [index, one] of cases.entries()) {
    fc.assert(
      fc.property(arbitraryOf(one), (value) => hold(one, value)),
      { seed: SEED + index, numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
    );
  }
}

function outcomeOf<T>(read: () => T): T | readonly Violation[] {
  try {
    return read();
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, String(thrown));
    assert.equal(thrown.code, "invalid_input");
    assert.ok(thrown.violations.length > 0);
    return thrown.violations;
  }
}

test("requests that protobuf-es writes are read as the same values", () => {
  forEachContract(
    ({ service }) => structOf(service.operation.request),
    ({ service, oracle, decode }, inputs) => {
      assert.deepEqual(decode(oracle.encode(service.operation.request, inputs)), inputs);
    },
  );
});

test("a request in any spelling is read as the same values, by protobuf-es too", () => {
  forEachContract(
    ({ service }) => fc.tuple(structOf(service.operation.request), fc.nat()),
    ({ service, oracle, decode }, [inputs, seed]) => {
      const { request } = service.operation;
      const bytes = spellMessage(request, inputs, { random: createRandom(seed) });
      assert.deepEqual(decode(bytes), inputs);
      if (oracle.readsAll) assert.deepEqual(oracle.decode(request, bytes), inputs);
    },
  );
});

test("a request with one value that its type cannot hold is refused, with its place", () => {
  const refused = new Map<FieldType["kind"], number>();
  forEachContract(
    ({ service }) => fc.tuple(structOf(service.operation.request), fc.nat(), fc.nat({ max: 30 })),
    ({ service, decode }, [inputs, seed, which]) => {
      let left = which;
      let spoiled: { readonly kind: FieldType["kind"]; readonly path: string } | undefined;
      const random = createRandom(seed);
      const spelling: Spelling = {
        random,
        spoiler: {
          spoil(type, number, path) {
            if (spoiled !== undefined || left-- > 0) return undefined;
            const field = spoiledField(type, number, random);
            if (field !== undefined) spoiled = { kind: type.kind, path };
            return field;
          },
        },
      };
      const outcome = outcomeOf(() => decode(spellMessage(service.operation.request, inputs, spelling)));
      if (spoiled === undefined) {
        assert.deepEqual(outcome, inputs);
        return;
      }
      const { kind, path } = spoiled;
      assert.ok(Array.isArray(outcome), `${kind} at ${path} was accepted`);
      // A list that is sent as another type has no place for each of its items.
      const places = [path, path.replace(/\[\d+\]$/, "")];
      const [first] = outcome as readonly Violation[];
      assert.ok(first !== undefined && places.includes(first.path), `${String(first?.path)} for ${path}`);
      refused.set(kind, (refused.get(kind) ?? 0) + 1);
    },
  );
  for (const kind of [
    "string",
    "boolean",
    "integer",
    "double",
    "decimal",
    "date",
    "datetime",
    "struct",
  ] as const) {
    assert.ok((refused.get(kind) ?? 0) >= 10, `${kind}: ${refused.get(kind) ?? 0}`);
  }
});

test("a request that is cut off anywhere is refused, or is what protobuf-es makes of its beginning", () => {
  const outcomes = { read: 0, refused: 0 };
  forEachContract(
    ({ service }) => structOf(service.operation.request),
    ({ service, oracle, decode }, inputs) => {
      const { request } = service.operation;
      const bytes = oracle.encode(request, inputs);
      const step = Math.max(1, Math.floor(bytes.length / 40));
      for (let end = 0; end < bytes.length; end += step) {
        const part = bytes.subarray(0, end);
        const outcome = outcomeOf(() => decode(part));
        outcomes[Array.isArray(outcome) ? "refused" : "read"] += 1;
        if (!oracle.readsAll) continue;
        if (Array.isArray(outcome)) assert.throws(() => oracle.decode(request, part));
        else assert.deepEqual(outcome, oracle.decode(request, part));
      }
    },
  );
  assert.ok(outcomes.read > 300 && outcomes.refused > 5000, JSON.stringify(outcomes));
});

/** The contract with its result in the place of its first input, so that both ends of the codec meet. */
function turned(service: Service): Service {
  const { response } = service.operation;
  const request: RequestMessage = {
    ...response,
    fields: response.fields.map((field) => ({ ...field, role: "argument" as const })),
  };
  return { ...service, operation: { ...service.operation, request } };
}

function asReply(result: Value): Struct {
  const isEmpty = Array.isArray(result) ? result.length === 0 : result instanceof Map && result.size === 0;
  const reply = newStruct();
  if (!isEmpty) reply["result"] = result;
  return reply;
}

test("a result is read back as it was written, by protobuf-es and by the decoder", () => {
  let typed = 0;
  for (const [index, { service, oracle }] of cases.entries()) {
    const [{ type }] = service.operation.response.fields;
    if (type.kind === "dynamic") continue;
    typed += 1;
    const encode = compileEncode(service);
    const decode = compileDecode(turned(service));
    fc.assert(
      fc.property(valueOf(type), (result) => {
        const bytes = encode(result);
        if (oracle.readsAll)
          assert.deepEqual(oracle.decode(service.operation.response, bytes), asReply(result));
        assert.deepEqual(decode(bytes), asReply(result));
      }),
      { seed: SEED + index, numRuns: RUNS },
    );
  }
  assert.ok(typed > CONTRACTS / 2, String(typed));
});
