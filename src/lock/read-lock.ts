/** Reads a lock file: strictly, because a promise to callers may not be misread. */
import { readFileSync } from "node:fs";
import type { Service } from "../contract/model.js";
import { Refusal } from "../errors.js";
import { memberPath, problemList } from "../problems.js";
import { parseStrictJson, type JsonValue } from "../strict-json.js";
import { LOCK_SCHEMA, type ContractLock } from "./lock-schema.js";
import { serviceOfLock } from "./service-of-lock.js";

/** A lock that has been read: the file's content, and the contract that it says. */
export interface Lock {
  /** The file, as it was named. */
  readonly path: string;
  readonly content: ContractLock;
  /** With renamed fields under their new names. */
  readonly service: Service;
}

const LARGEST_BYTES = 64 * 1024 * 1024;

/** @throws Refusal `usage` with everything that is wrong with the file, and where */
export function readLock(path: string): Lock {
  return parseLock(readBytes(path), path);
}

/**
 * The lock that a file says.
 * @param path names the file in problems
 * @throws Refusal `usage`
 */
export function parseLock(bytes: Uint8Array, path: string): Lock {
  const json = parseJson(bytes, path);
  const problems = problemList(path);
  const parsed = LOCK_SCHEMA.safeParse(json);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const at = issue.path.reduce<string>(
        (place, key) => (typeof key === "number" ? `${place}[${key}]` : memberPath(place, String(key))),
        "",
      );
      problems.add(at, `${issue.message}.`, "Correct the lock, or write it anew with `lock`.");
    }
    throw new Refusal("usage", problems.listed());
  }
  const service = serviceOfLock(parsed.data, problems);
  if (problems.listed().length > 0) throw new Refusal("usage", problems.listed());
  return { path, content: parsed.data, service };
}

function readBytes(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= LARGEST_BYTES) return bytes;
  } catch {
    throw complaint(path, "The lock cannot be read.", "Check the path.");
  }
  throw complaint(path, "The file is too large to be a contract lock.", "Check the path.");
}

function parseJson(bytes: Uint8Array, path: string): JsonValue {
  try {
    return parseStrictJson(bytes, path);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const remedy = "Correct the lock, or write it anew with `lock`.";
    throw new Refusal(
      "usage",
      error.problems.map((problem) => ({ ...problem, remedy })),
    );
  }
}

function complaint(where: string, message: string, remedy: string): Refusal {
  return new Refusal("usage", [{ where, path: "", message, remedy }]);
}
