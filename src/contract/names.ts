/**
 * Wire names for the artifact's own names: deterministic, plain ASCII, and different wherever a caller's compiler
 * would see them as equal. The source name stays as it is toward `main()`.
 */
import { isPlatformType, isReservedWord, isTakenProtoField } from "./reserved-words.js";

/** COBOL generators cut longer names; two names that are equal up to here are one name to them (CICS DFHWS2LS). */
const COBOL_CUT = 23;
const LONGEST = 64;

/** Gives names that are unique among those it has given. */
export interface NameGiver {
  /** @param wish what the name is made from  @param fallback used when nothing of the wish can be kept */
  give(wish: string, fallback: string): string;
  /** Counts a name that somebody has already as given. */
  keep(name: string): void;
}

/** XML element names: lowerCamelCase, never a reserved word, unique ignoring case after the COBOL cut. */
export function xmlNames(): NameGiver {
  return uniqueNames(
    (words) => camel(words),
    (name) => name.slice(0, COBOL_CUT).toLowerCase(),
    isReservedWord,
  );
}

/**
 * Proto field names: lower_snake_case, unique also as the JSON names that protobuf derives from them, and none with which what
 * protoc generates would not compile.
 */
export function protoNames(): NameGiver {
  return uniqueNames(
    (words) => words.map(lower).join("_"),
    (name) => name.replace(/_/g, "").toLowerCase(),
    isTakenProtoField,
  );
}

/** Type names: PascalCase, unique ignoring case, and none that generated code knows as a type of its platform. */
export function typeNames(): NameGiver {
  const names = uniqueNames(
    (words) => freeTypeName(pascal(words)),
    lower,
    () => false,
  );
  for (const name of METHOD_MESSAGES) names.keep(name);
  return names;
}

/** The messages of the methods that every service has over gRPC. */
const METHOD_MESSAGES = [
  "EvaluateStreamRequest",
  "EvaluateStreamResponse",
  "GetMetadataRequest",
  "GetMetadataResponse",
];

/** `ArrayOf` is left to those who break WS-I R2112. */
function freeTypeName(name: string): string {
  return isPlatformType(name) ? `${name}Type` : name.replace(/^ArrayOf/, "ListOf");
}

/** `credit_decision` -> `CreditDecision`. */
export function pascalCase(name: string): string {
  return pascal(wordsOf(name, "Artifact"));
}

function uniqueNames(
  spell: (words: readonly string[]) => string,
  identity: (name: string) => string,
  isTaken: (name: string) => boolean,
): NameGiver {
  const given = new Set<string>();
  return {
    give(wish, fallback) {
      const words = wordsOf(wish, fallback);
      const plain = spell(words).slice(0, LONGEST);
      let name = isTaken(plain) ? spell([...words, "field"]).slice(0, LONGEST) : plain;
      // The number goes inside the cut, or the cut would take it off again.
      for (let count = 2; given.has(identity(name)); count += 1) {
        const suffix = String(count);
        name = plain.slice(0, COBOL_CUT - suffix.length).replace(/_+$/, "") + suffix;
      }
      given.add(identity(name));
      return name;
    },
    keep: (name) => void given.add(identity(name)),
  };
}

/** ASCII words of a name: accents dropped, split at everything else and where a lower-case letter meets a capital. */
function wordsOf(wish: string, fallback: string): readonly string[] {
  const words = wish
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const [first] = words;
  if (first === undefined) return [fallback];
  return /^[0-9]/.test(first) ? [fallback, ...words] : words;
}

function pascal(words: readonly string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function camel(words: readonly string[]): string {
  const name = pascal(words.map((word) => (/^[A-Z0-9]+$/.test(word) ? lower(word) : word)));
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function lower(text: string): string {
  return text.toLowerCase();
}
