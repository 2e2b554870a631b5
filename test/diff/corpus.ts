/** Pairs of contracts, one made from the other by random changes: a seed gives the same pair every time. */
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Service } from "../../src/contract/model.js";
import { rollFrom, type Roll } from "./roll.js";
import { dropReservations, tweakContract } from "./tweak-contract.js";

export interface ContractPair {
  readonly before: Service;
  readonly after: Service;
  /** What was done, for the message of a failing test. */
  readonly history: readonly string[];
}

interface Column {
  readonly alias: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly description: string;
  readonly default?: number;
}

interface Table {
  readonly alias: string;
  readonly nullable: boolean;
  readonly columns: readonly Column[];
}

interface Interface {
  readonly tables: readonly Table[];
  readonly arguments: readonly Column[];
  readonly runtime_params: readonly Column[];
  readonly output: string | undefined;
}

const NAMES = [
  "fico",
  "income",
  "a_b",
  "aB",
  "type",
  "values",
  "Größe",
  "город",
  "x",
  "toString",
  "state",
  "net worth",
];
const SCALARS = ["String", "Numerical", "int", "decimal(11,2)", "decimal", "Boolean", "DateTime", "date"];
const TYPES = [
  ...SCALARS,
  "Array[Numerical]",
  "Array[Array[int]]",
  "Array[Array[Struct[a: int]]]",
  "Map[String, Numerical]",
  "Map[int, Struct[a: String, b: date]]",
  "Map[date, String]",
  "Map[String, Array[String]]",
  "Array[Map[String, int]]",
  "Struct[a: String, b: int]",
  "Struct[b: int, c: Struct[d: date]]",
  "Array[Struct[a: String, b: decimal(9,2)]]",
];
const OUTPUTS = [
  undefined,
  "Numerical",
  "Struct[decision: String, score: Numerical]",
  "Struct[decision: String, score: Numerical, reasons: Array[String]]",
  "Struct[score: Numerical, decision: String]",
  "Struct[decision: String, score: int]",
  "Array[Struct[decision: String, score: Numerical]]",
  "Map[String, Numerical]",
];

/** The pair of a seed. */
export function contractPair(seed: number): ContractPair {
  const roll = rollFrom(seed);
  const alias = `case_${seed}`;
  const profile = roll.chance(0.3) ? "mainframe" : "standard";
  const history: string[] = [];
  let declared = someInterface(roll);
  const build = (previous: Service | undefined, major = 1): Service =>
    buildContract({
      alias,
      description: "A case.",
      inputs: normaliseInputInfo(declared),
      output:
        declared.output === undefined
          ? undefined
          : { type: parseDataType(declared.output), spelled: declared.output, origin: "declared" },
      profile,
      major,
      ...(previous === undefined ? {} : { previous }),
    });
  const tweak = (service: Service): Service => {
    const tweaked = tweakContract(service, roll);
    history.push(tweaked.what);
    return tweaked.service;
  };
  const evolve = (previous: Service, steps: number): Service => {
    for (let count = steps; count > 0; count -= 1) {
      const [what, change] = roll.pick(CHANGES);
      declared = change(declared, roll);
      history.push(what);
    }
    const carriesOver = roll.chance(0.85);
    if (!carriesOver) history.push("without the contract before");
    return build(carriesOver ? previous : undefined, roll.chance(0.03) ? 2 : 1);
  };
  // Callers know contracts that have facets and a past.
  let before = build(undefined);
  for (let count = roll.below(4); count > 0; count -= 1) before = tweak(before);
  if (roll.chance(0.5)) before = evolve(before, 3);
  history.length = 0;
  let after = evolve(before, roll.below(3));
  while (roll.chance(0.3)) after = evolve(after, roll.below(3));
  while (roll.chance(0.4)) after = tweak(after);
  if (roll.chance(0.05)) after = dropReservations(after);
  return { before, after, history };
}

function someInterface(roll: Roll): Interface {
  return {
    tables: roll.some(["application", "lines"]).map((alias) => someTable(alias, roll)),
    arguments: roll.some(["question", "history"]).map((alias) => someColumn(alias, TYPES, roll)),
    runtime_params: roll.some(["cut_off", "strategy"]).map((alias) => someParameter(alias, roll)),
    output: roll.pick(OUTPUTS),
  };
}

function someTable(alias: string, roll: Roll): Table {
  const columns = roll.some(NAMES).map((name) => someColumn(name, TYPES, roll));
  return {
    alias,
    nullable: roll.chance(0.5),
    columns: columns.length === 0 ? [someColumn("only", TYPES, roll)] : columns,
  };
}

function someColumn(alias: string, types: readonly string[], roll: Roll): Column {
  return { alias, type: roll.pick(types), nullable: roll.chance(0.7), description: "" };
}

function someParameter(alias: string, roll: Roll): Column {
  const column = someColumn(alias, SCALARS, roll);
  return roll.chance(0.5) ? column : { ...column, type: "Numerical", default: roll.below(3) };
}

type Step = readonly [what: string, change: (declared: Interface, roll: Roll) => Interface];

const inColumns =
  (change: (columns: readonly Column[], roll: Roll) => readonly Column[]) =>
  (declared: Interface, roll: Roll): Interface => {
    const chosen = roll.below(declared.tables.length);
    const tables = declared.tables.map((table, index) => {
      const columns = index === chosen ? change(table.columns, roll) : table.columns;
      return columns.length === 0 ? table : { ...table, columns };
    });
    return { ...declared, tables };
  };

const inOneColumn = (change: (column: Column, roll: Roll) => Column) =>
  inColumns((columns, roll) => {
    const chosen = roll.below(columns.length);
    return columns.map((column, index) => (index === chosen ? change(column, roll) : column));
  });

function fresh(columns: readonly { readonly alias: string }[], names: readonly string[]): readonly string[] {
  return names.filter((name) => !columns.some(({ alias }) => alias === name));
}

const CHANGES: readonly Step[] = [
  ["nothing", (declared) => declared],
  [
    "column added",
    inColumns((columns, roll) => {
      const free = fresh(columns, NAMES);
      if (free.length === 0) return columns;
      const at = roll.chance(0.5) ? columns.length : roll.below(columns.length);
      return columns.toSpliced(at, 0, someColumn(roll.pick(free), TYPES, roll));
    }),
  ],
  ["column removed", inColumns((columns, roll) => columns.toSpliced(roll.below(columns.length), 1))],
  ["columns reversed", inColumns((columns) => columns.toReversed())],
  [
    "column renamed",
    inColumns((columns, roll) => {
      const [name] = fresh(columns, NAMES);
      const chosen = roll.below(columns.length);
      return columns.map((column, index) =>
        index === chosen && name !== undefined ? { ...column, alias: name } : column,
      );
    }),
  ],
  ["column of another type", inOneColumn((column, roll) => ({ ...column, type: roll.pick(TYPES) }))],
  ["presence turned", inOneColumn((column) => ({ ...column, nullable: !column.nullable }))],
  ["described", inOneColumn((column) => ({ ...column, description: `${column.description}More.` }))],
  [
    "table added or removed",
    (declared, roll) => {
      const [name] = fresh(declared.tables, ["lines", "application"]);
      const tables =
        name === undefined || (declared.tables.length > 0 && roll.chance(0.5))
          ? declared.tables.slice(1)
          : [...declared.tables, someTable(name, roll)];
      return { ...declared, tables };
    },
  ],
  [
    "arguments anew",
    (declared, roll) => ({
      ...declared,
      arguments: roll.some(["question", "history", "more"]).map((alias) => someColumn(alias, TYPES, roll)),
    }),
  ],
  [
    "parameters anew",
    (declared, roll) => ({
      ...declared,
      runtime_params: roll.some(["cut_off", "strategy", "more"]).map((alias) => someParameter(alias, roll)),
    }),
  ],
  ["another output", (declared, roll) => ({ ...declared, output: roll.pick(OUTPUTS) })],
];
