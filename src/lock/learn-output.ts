/**
 * The type of an answer that nothing declares, learned from what `main()` answered to the samples. Numbers are `Numerical`, as the
 * platform has them, so that a whole number in a sample does not forbid a fraction later.
 */
import { isScalarType, type DataType, type ScalarType } from "../artifact/data-type.js";
import { joinPath } from "../errors.js";
import { shown, type ProblemList } from "../problems.js";
import { CalendarDate, DateTime, Decimal, type PythonValue } from "../values.js";

/** A type of which parts may not be known yet: `nothing` after null or an empty list. */
type Learned =
  | { readonly kind: "nothing" }
  /** A whole number that a double holds: `Numerical`, unless other answers show something more exact. */
  | { readonly kind: "whole" }
  | ScalarType
  | { readonly kind: "array"; readonly items: Learned }
  | { readonly kind: "map"; readonly key: Learned; readonly value: Learned }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Learned> };

const NOTHING: Learned = { kind: "nothing" };
const REMEDY = "Add a sample that shows it, or state the type of the answer with --result.";
const EXACT = 2n ** 53n;
/** The spellings of the keys of a dataset dict (D1 to D3). */
const TYPE_KEYS = new Set<PythonValue>(["type", "types", "dtype", "dtypes"]);
const VALUES_KEYS = ["values", "value", "data"] as const;
const DEEPEST = 32;

/**
 * One type that every answer fits. What the answers do not show, or show in two ways, is added to `problems` with its path.
 * @param answers what `main()` returned, one for each sample; at least one
 * @param before what earlier samples have shown
 */
export function learnOutput(
  answers: readonly PythonValue[],
  problems: ProblemList,
  before?: DataType,
): DataType | undefined {
  let learned: Learned = before === undefined ? NOTHING : known(before);
  for (const answer of answers) {
    learned = unite(learned, typeOf(asRows(answer), "result", problems, 0), "result", problems);
  }
  return settled(learned, "result", problems);
}

function known(type: DataType): Learned {
  switch (type.kind) {
    case "array":
      return { kind: "array", items: known(type.items) };
    case "map":
      return { kind: "map", key: known(type.key), value: known(type.value) };
    case "struct":
      return {
        kind: "struct",
        fields: new Map(type.fields.map(({ name, type: field }) => [name, known(field)])),
      };
    case "any":
      return NOTHING;
    default:
      return type;
  }
}

/** A dataset dict (D1, D2, D3) as the rows that it stands for; anything else as it is. */
function asRows(answer: PythonValue): PythonValue {
  if (!(answer instanceof Map) || answer.size === 0) return answer;
  const keys = [...answer.keys()];
  const values = valuesOf(answer);
  if (answer.size === 2 && values !== undefined && keys.some((key) => TYPE_KEYS.has(key))) {
    if (Array.isArray(values) && values.every((row) => row instanceof Map)) return values;
    return values instanceof Map ? (rowsOfColumns(values) ?? answer) : answer;
  }
  const columns = new Map<PythonValue, PythonValue>();
  for (const [name, column] of answer) {
    const list = column instanceof Map ? valuesOf(column) : undefined;
    if (!Array.isArray(list)) return answer;
    columns.set(name, list);
  }
  return rowsOfColumns(columns) ?? answer;
}

function valuesOf(map: ReadonlyMap<PythonValue, PythonValue>): PythonValue | undefined {
  const key = VALUES_KEYS.find((name) => map.has(name));
  return key === undefined ? undefined : map.get(key);
}

function rowsOfColumns(columns: ReadonlyMap<PythonValue, PythonValue>): PythonValue | undefined {
  const [first] = columns.values();
  if (!Array.isArray(first)) return undefined;
  const { length } = first;
  for (const column of columns.values()) {
    if (!Array.isArray(column) || column.length !== length) return undefined;
  }
  return first.map(
    (_, row) =>
      new Map(
        [...columns].map(([name, column]) => [name, Array.isArray(column) ? (column[row] ?? null) : null]),
      ),
  );
}

function typeOf(value: PythonValue, path: string, problems: ProblemList, depth: number): Learned {
  if (value === null) return NOTHING;
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: "numerical" };
  if (typeof value === "bigint") {
    return value >= -EXACT && value <= EXACT ? { kind: "whole" } : { kind: "integer" };
  }
  if (typeof value === "string") return { kind: "string" };
  if (value instanceof Decimal) return { kind: "decimal" };
  if (value instanceof DateTime) return { kind: "datetime" };
  if (value instanceof CalendarDate) return { kind: "date" };
  if (value instanceof Uint8Array) {
    problems.add(path, "The answer holds bytes, which no type of the platform stands for.", "Return text.");
    return NOTHING;
  }
  if (depth >= DEEPEST) {
    problems.add(path, "The answer is nested too deeply.", "State the type of the answer with --result.");
    return NOTHING;
  }
  if (Array.isArray(value)) return listType(value, path, problems, depth);
  return dictType(value, path, problems, depth);
}

function listType(list: readonly PythonValue[], path: string, problems: ProblemList, depth: number): Learned {
  let items: Learned = NOTHING;
  for (const item of list) {
    items = unite(items, typeOf(item, `${path}[]`, problems, depth + 1), `${path}[]`, problems);
  }
  return { kind: "array", items };
}

function dictType(
  dict: ReadonlyMap<PythonValue, PythonValue>,
  path: string,
  problems: ProblemList,
  depth: number,
): Learned {
  const fields = new Map<string, Learned>();
  for (const [name, member] of dict) {
    if (typeof name !== "string" || name === "") break;
    fields.set(name, typeOf(member, joinPath(path, shown(name)), problems, depth + 1));
  }
  if (fields.size === dict.size) {
    return { kind: "struct", fields };
  }
  let key: Learned = NOTHING;
  let value: Learned = NOTHING;
  for (const [name, member] of dict) {
    key = unite(key, typeOf(name, `${path}{key}`, problems, depth + 1), `${path}{key}`, problems);
    value = unite(value, typeOf(member, `${path}{}`, problems, depth + 1), `${path}{}`, problems);
  }
  return { kind: "map", key, value };
}

/** The type that both fit; two types that nothing fits are a problem. */
function unite(one: Learned, other: Learned, path: string, problems: ProblemList): Learned {
  if (one.kind === "nothing") return other;
  if (other.kind === "nothing") return one;
  if (one.kind === "array" && other.kind === "array") {
    return { kind: "array", items: unite(one.items, other.items, `${path}[]`, problems) };
  }
  if (one.kind === "map" && other.kind === "map") {
    const key = unite(one.key, other.key, `${path}{key}`, problems);
    return { kind: "map", key, value: unite(one.value, other.value, `${path}{}`, problems) };
  }
  if (one.kind === "struct" && other.kind === "struct") {
    const fields = new Map(one.fields);
    for (const [name, type] of other.fields) {
      fields.set(name, unite(fields.get(name) ?? NOTHING, type, joinPath(path, shown(name)), problems));
    }
    return { kind: "struct", fields };
  }
  if (one.kind === other.kind) return one;
  if (one.kind === "whole" && HOLD_WHOLE.has(other.kind)) return other;
  if (other.kind === "whole" && HOLD_WHOLE.has(one.kind)) return one;
  problems.add(path, `The answers are of two types here: ${one.kind} and ${other.kind}.`, TWO_WAYS);
  return one;
}

/** Types that hold whole numbers too. */
const HOLD_WHOLE: ReadonlySet<Learned["kind"]> = new Set(["numerical", "integer", "decimal"]);

const TWO_WAYS = "Correct main(), or state the type of the answer with --result.";

/** The type with every part known. */
function settled(learned: Learned, path: string, problems: ProblemList): DataType | undefined {
  switch (learned.kind) {
    case "nothing":
      problems.add(path, "No sample shows a value here, so its type cannot be learned.", REMEDY);
      return undefined;
    case "whole":
      return { kind: "numerical" };
    case "array": {
      const items = settled(learned.items, `${path}[]`, problems);
      return items === undefined ? undefined : { kind: "array", items };
    }
    case "map": {
      const key = settled(learned.key, `${path}{key}`, problems);
      const value = settled(learned.value, `${path}{}`, problems);
      if (key === undefined || value === undefined) return undefined;
      if (isScalarType(key)) return { kind: "map", key, value };
      problems.add(path, "The keys of a dict are not scalars.", TWO_WAYS);
      return undefined;
    }
    case "struct": {
      if (learned.fields.size === 0) {
        problems.add(path, "No sample shows a member here, so its type cannot be learned.", REMEDY);
        return undefined;
      }
      const fields = [...learned.fields].map(([name, type]) => ({
        name,
        type: settled(type, joinPath(path, shown(name)), problems),
      }));
      const known = fields.flatMap(({ name, type }) => (type === undefined ? [] : [{ name, type }]));
      return known.length < fields.length ? undefined : { kind: "struct", fields: known };
    }
    default:
      return learned;
  }
}
