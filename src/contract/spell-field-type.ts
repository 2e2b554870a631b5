/** A type of the contract in the words of the platform or of Python, for artifacts that look at the types they are given. */
import { inSourceOrder, type FieldType } from "./model.js";
import type { TypeSpelling } from "./main-options.js";

type Leaf = Exclude<FieldType["kind"], "array" | "map" | "struct">;

/** The platform has neither integers, decimals nor dates: to it, these are a number, a number and a moment. */
const LEAVES = {
  platform: {
    string: "String",
    boolean: "Boolean",
    double: "Numerical",
    integer: "Numerical",
    decimal: "Numerical",
    datetime: "DateTime",
    date: "DateTime",
    dynamic: "Any",
  },
  python: {
    string: "str",
    boolean: "bool",
    double: "float",
    integer: "int",
    decimal: "decimal.Decimal",
    datetime: "datetime.datetime",
    date: "datetime.date",
    dynamic: "typing.Any",
  },
} as const satisfies Record<Exclude<TypeSpelling, "as_is">, Record<Leaf, string>>;

const CONTAINERS = {
  platform: { array: "Array", map: "Map" },
  python: { array: "list", map: "dict" },
} as const;

/** For example `Array[Numerical]` or `list[float]`. */
export function spellFieldType(type: FieldType, spelling: Exclude<TypeSpelling, "as_is">): string {
  switch (type.kind) {
    case "array":
      return `${CONTAINERS[spelling].array}[${spellFieldType(type.items, spelling)}]`;
    case "map": {
      const parts = [type.key, type.value].map((part) => spellFieldType(part, spelling));
      return `${CONTAINERS[spelling].map}[${parts.join(", ")}]`;
    }
    case "struct": {
      const fields = inSourceOrder(type.message).map(({ source, type: field }): [string, string] => [
        source,
        spellFieldType(field, spelling),
      ]);
      return spelling === "python"
        ? `TypedDict[{${fields.map(([name, text]) => `${quoted(name)}: ${text}`).join(", ")}}]`
        : `Struct[${fields.map(([name, text]) => `${name}: ${text}`).join(", ")}]`;
    }
    default:
      return LEAVES[spelling][type.kind];
  }
}

/** A name as a Python literal. */
function quoted(name: string): string {
  return `'${name.replace(/[\\']/g, "\\$&")}'`;
}
