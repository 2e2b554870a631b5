/** Types as artifacts can have them, for property tests. */
import fc from "fast-check";
import type { DataType, ScalarType } from "../../src/artifact/data-type.js";

const fieldName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_ ]{0,8}[A-Za-z0-9_]$/);

/** Types without parts. */
export const scalarType: fc.Arbitrary<ScalarType> = fc.oneof(
  fc.constantFrom<ScalarType>(
    { kind: "string" },
    { kind: "boolean" },
    { kind: "numerical" },
    { kind: "integer" },
    { kind: "decimal" },
    { kind: "datetime" },
    { kind: "date" },
  ),
  fc.integer({ min: 1, max: 100_000 }).map((maxLength): ScalarType => ({ kind: "string", maxLength })),
  fc.tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38)).map(([total, fraction]): ScalarType => ({
    kind: "decimal",
    totalDigits: total,
    fractionDigits: Math.min(total, fraction),
  })),
);

/** All types, nested a few levels deep. */
export const anyType: fc.Arbitrary<DataType> = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalarType,
    fc.constant<DataType>({ kind: "any" }),
    tie("type").map((items): DataType => ({ kind: "array", items })),
    fc.tuple(scalarType, tie("type")).map(([key, value]): DataType => ({ kind: "map", key, value })),
    fc
      .uniqueArray(fc.record({ name: fieldName, type: tie("type") }, { noNullPrototype: true }), {
        minLength: 1,
        maxLength: 4,
        selector: (field) => field.name,
      })
      .map((fields): DataType => ({ kind: "struct", fields })),
  ),
})).type;
