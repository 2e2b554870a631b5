/** What a caller's developer reads above a declaration. */
import type { Bounds, Field, FieldNotes, FieldType } from "../contract/model.js";
import { digitsText } from "../contract/facets.js";
import { typeInWords } from "../contract/type-in-words.js";
import { HOW_TO_DECLARE } from "../contract/undeclared-result.js";

const COMMENT_WIDTH = 100;

/** What is to be known about a field: meaning, source name and type, presence, limits. */
export function fieldComment(field: Field): string[] {
  const words = typeInWords(field);
  const type = words === "" ? "" : `, type ${words}`;
  const facts = [
    `Source name "${field.source}"${type}.`,
    field.required ? "Required." : "Optional.",
    ...limits(field.type),
    ...describeNotes(field.notes),
  ];
  return [...commentLines(field.description), ...commentLines(facts.join(" "))];
}

/**
 * Free text as comment lines. Control characters and lone surrogates become spaces: a line break in a column's
 * description would otherwise end the comment and be read as a declaration.
 */
export function commentLines(text: string): string[] {
  const lines: string[] = [];
  const words = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, " ").split(" ");
  for (const word of words.filter((candidate) => candidate !== "")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > COMMENT_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Sentences that say what protobuf cannot: which values of the type there are. */
function limits(type: FieldType): readonly string[] {
  switch (type.kind) {
    case "array":
      return [`At most ${type.maxItems} items.`, ...limitsOf("Each item", type.items)];
    case "map":
      return [
        `At most ${type.maxItems} entries.`,
        ...limitsOf("Each key", type.key),
        ...limitsOf("Each value", type.value),
      ];
    case "string":
      return [
        ...(type.maxLength === undefined ? [] : [`At most ${type.maxLength} characters.`]),
        ...(type.allowed === undefined ? [] : [`One of: ${type.allowed.join(", ")}.`]),
      ];
    case "double":
    case "decimal":
      return [
        ...(type.totalDigits === undefined
          ? []
          : [`At most ${digitsText(type.totalDigits, type.fractionDigits ?? 0)}.`]),
        ...bounds(type),
      ];
    case "integer":
      return [
        ...(type.totalDigits === undefined ? [] : [`At most ${type.totalDigits} digits.`]),
        ...bounds(type),
      ];
    case "dynamic":
      return [HOW_TO_DECLARE];
    default:
      return [];
  }
}

/** What is said of a part of a list or map; nothing of a record, whose fields have comments of their own. */
function limitsOf(part: string, type: FieldType): readonly string[] {
  const sentences = limits(type);
  return sentences.length === 0 ? [] : [`${part}: ${sentences.join(" ")}`];
}

function bounds({ minimum, maximum }: Bounds): readonly string[] {
  return [
    ...(minimum === undefined ? [] : [`At least ${minimum}.`]),
    ...(maximum === undefined ? [] : [`At most ${maximum}.`]),
  ];
}

function describeNotes({ unit, origin, nullMeaning, allowedValues }: FieldNotes): readonly string[] {
  return [
    ...note("Unit", unit),
    ...note("Comes from", origin),
    ...note("Absent means", nullMeaning),
    ...note("Values", allowedValues?.join(", ")),
  ];
}

function note(label: string, text = ""): readonly string[] {
  return text === "" ? [] : [`${label}: ${text.replace(/\.$/, "")}.`];
}
