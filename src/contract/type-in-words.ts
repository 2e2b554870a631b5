/** The type of a field as the documentation of every format has it. */
import { spellType } from "../artifact/spell-type.js";
import { dataTypeOf } from "./data-type-of.js";
import type { Field, FieldType } from "./model.js";

/** How fields are spelled that are no type of the artifact's. */
const ROLES: ReadonlySet<string> = new Set(["table", "parameters"]);

/** Longest text, in characters; nobody reads more, and a record that is used in many places may be spelled without end. */
const LONGEST = 1000;

/**
 * For example `Array[Numerical]`; empty for what nothing declares. One spelling for each type, so that an artifact which writes
 * `double` for `Numerical` the next time changes no file that callers have.
 */
export function typeInWords({ type, spelledType }: Pick<Field, "type" | "spelledType">): string {
  if (spelledType === "" || ROLES.has(spelledType)) return spelledType;
  const parts: string[] = [];
  let length = 0;
  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  spell(type, write, () => length > LONGEST);
  const text = parts.join("");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Writes the spelling piece by piece, until it is enough. */
function spell(type: FieldType, write: (text: string) => void, isEnough: () => boolean): void {
  if (isEnough()) return;
  switch (type.kind) {
    case "array":
      write("Array[");
      spell(type.items, write, isEnough);
      write("]");
      break;
    case "map":
      write("Map[");
      spell(type.key, write, isEnough);
      write(", ");
      spell(type.value, write, isEnough);
      write("]");
      break;
    case "struct":
      write("Struct[");
      for (const [index, field] of type.message.fields.entries()) {
        if (isEnough()) break;
        write(`${index === 0 ? "" : ", "}${field.source}: `);
        spell(field.type, write, isEnough);
      }
      write("]");
      break;
    case "dynamic":
      break;
    default: {
      const known = dataTypeOf(type);
      if (known !== undefined) write(spellType(known));
    }
  }
}
