/** Random contracts of every type and facet, with names that somebody has to be careful about. */
import fc from "fast-check";
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";

const NAMES = [
  "type", "values", "class", "toString", "__proto__", "constructor", "a_b", "aB", "Problem", "Violation", "Double", "result",
  "row", "item", "10", "2", "with space", "возраст", "年龄", "a/b~c", "x".repeat(200), "x".repeat(199) + "y",
]; // prettier-ignore

const SCALARS = [
  "String",
  "Numerical",
  "int",
  "decimal",
  "decimal(11,2)",
  "decimal(5,5)",
  "Boolean",
  "DateTime",
  "date",
];

const { spelled } = fc.letrec<{ spelled: string }>((tie) => ({
  spelled: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 1, arbitrary: tie("spelled").map((items) => `Array[${items}]`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...SCALARS), tie("spelled"))
        .map(([key, value]) => `Map[${key}, ${value}]`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie("spelled"), tie("spelled"))
        .map(([one, other]) => `Struct[type: ${one}, aB: ${other}]`),
    },
  ),
}));

const column = fc.record({ type: spelled, nullable: fc.boolean() });
const columns = fc
  .tuple(
    fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 8 }),
    fc.array(column, { minLength: 8, maxLength: 8 }),
  )
  .map(([names, types]) => names.map((alias, index) => ({ alias, ...types[index] })));
const tables = fc
  .tuple(
    fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 3 }),
    fc.array(columns, { minLength: 3, maxLength: 3 }),
  )
  .map(([names, all]) => names.map((alias, index) => ({ alias, columns: all[index], nullable: index > 0 })));

/** Contracts with facets and notes on some of their fields. */
export const contracts: fc.Arbitrary<Service> = fc
  .tuple(
    tables,
    fc.option(spelled, { nil: undefined }),
    fc.constantFrom("standard", "mainframe"),
    fc.nat(100),
  )
  .map(([inputs, output, profile, seed]) => {
    const source: ContractSource = {
      alias: "sample",
      description: "A sample.",
      inputs: normaliseInputInfo({
        tables: inputs,
        runtime_params: [
          { alias: "strategy", type: "String", default: "standard" },
          { alias: "limit", type: "Numerical" },
        ],
      }),
      output:
        output === undefined
          ? undefined
          : { type: parseDataType(output), spelled: output, origin: "declared" },
      profile,
    };
    return buildContract({ ...source, previous: withFacets(buildContract(source), seed) });
  });

const BOUNDS = [
  {},
  { minimum: "10" },
  { maximum: "-2" },
  { minimum: "0", maximum: "300" },
  { minimum: "2" },
] as const;

/** The same contract with facets on each single value, chosen in turn. */
function withFacets(service: Service, seed: number): Service {
  let count = seed;
  const next = (): number => (count += 1);
  const seen = new Map<FieldType, FieldType>();
  const typed = (type: FieldType): FieldType => {
    const known = seen.get(type);
    if (known !== undefined) return known;
    const made = facets(type);
    seen.set(type, made);
    return made;
  };
  const facets = (type: FieldType): FieldType => {
    const turn = next();
    const bounds = BOUNDS[turn % BOUNDS.length] ?? {};
    switch (type.kind) {
      case "string":
        if (turn % 3 === 0) return { kind: "string", maxLength: (turn % 5) + 1 };
        return turn % 3 === 1 ? { kind: "string", allowed: ["A & <B>", "C"] } : type;
      case "double":
        return turn % 2 === 0
          ? { kind: "double", ...bounds }
          : { kind: "double", totalDigits: 9, fractionDigits: turn % 4, ...bounds };
      case "integer":
        return { kind: "integer", ...(turn % 2 === 0 ? { totalDigits: 4 } : {}), ...bounds };
      case "decimal":
        return type.totalDigits === 5 ? type : { ...type, ...bounds };
      case "array":
        return { ...type, items: typed(type.items) };
      case "map":
        return { ...type, key: typed(type.key), value: typed(type.value) };
      case "struct":
        return { ...type, message: message(type.message) };
      default:
        return type;
    }
  };
  const fields = <F extends Field>(list: readonly F[]): F[] =>
    list.map((field) => ({
      ...field,
      type: typed(field.type),
      notes:
        next() % 2 === 0 ? {} : { unit: "EUR", allowedValues: ["12", "C", "0.5"], nullMeaning: "unknown" },
    }));
  const message = (one: Message): Message => ({ ...one, fields: fields(one.fields) });
  const { operation } = service;
  const [result] = operation.response.fields;
  return {
    ...service,
    operation: {
      ...operation,
      request: { ...operation.request, fields: fields(operation.request.fields) },
      response: { ...operation.response, fields: [{ ...result, type: typed(result.type) }] },
    },
  };
}
