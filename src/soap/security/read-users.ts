/** The users of the policy file, each with what is known of the password. */
import type { ProblemList } from "../../problems.js";
import { costsTheSame, EXPECTED_HASH, parsePasswordHash } from "./password-hash.js";
import type { Password, PasswordHash, PasswordType } from "./policy.js";
import type { UserEntry } from "./policy-schema.js";
import type { PolicySources } from "./policy-sources.js";

/** Notes what is wrong; no problem ever holds a password or a hash. */
export function readUsers(
  entries: readonly UserEntry[],
  passwordTypes: readonly PasswordType[],
  sources: PolicySources,
  problems: ProblemList,
): ReadonlyMap<string, Password> {
  const users = new Map<string, Password>();
  let firstHash: PasswordHash | undefined;
  for (const [index, entry] of entries.entries()) {
    const at = `usernameToken.users[${index}]`;
    if (users.has(entry.name)) problems.add(`${at}.name`, "There is such a user already.", "Remove one.");
    const password = readPassword(entry, at, sources, problems);
    if (password === undefined) continue;
    if (password.kind === "hash") {
      firstHash ??= password.hash;
      checkHash(password.hash, firstHash, `${at}.passwordHash`, passwordTypes, problems);
    }
    users.set(entry.name, password);
  }
  return users;
}

function checkHash(
  hash: PasswordHash,
  firstHash: PasswordHash,
  at: string,
  passwordTypes: readonly PasswordType[],
  problems: ProblemList,
): void {
  if (!passwordTypes.includes("text")) {
    const message = "A digest can only be checked against the password itself, not against its hash.";
    problems.add(at, message, "Give the password, or allow text passwords.");
  }
  if (!costsTheSame(hash, firstHash)) {
    const message = "Costs another time than the first user's hash, which would tell callers who exists.";
    problems.add(at, message, "Use the same parameters for every user.");
  }
}

function readPassword(
  entry: UserEntry,
  at: string,
  sources: PolicySources,
  problems: ProblemList,
): Password | undefined {
  const { password, passwordFile, passwordVariable, passwordHash } = entry;
  if (passwordHash !== undefined) {
    const hash = parsePasswordHash(passwordHash);
    if (hash === undefined)
      problems.add(`${at}.passwordHash`, `Not understood: ${EXPECTED_HASH}.`, "Correct it.");
    return hash === undefined ? undefined : { kind: "hash", hash };
  }
  if (passwordFile !== undefined) return fromFile(passwordFile, `${at}.passwordFile`, sources, problems);
  const found = passwordVariable === undefined ? password : sources.variable(passwordVariable);
  if (found !== undefined && found !== "") return { kind: "plain", password: found };
  problems.add(`${at}.passwordVariable`, "The environment variable is not set, or empty.", "Set it.");
  return undefined;
}

function fromFile(
  name: string,
  at: string,
  { readFile }: PolicySources,
  problems: ProblemList,
): Password | undefined {
  let password: string;
  try {
    password = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFile(name));
  } catch {
    problems.add(at, "The file cannot be read as UTF-8 text.", "Check the path, its rights and its content.");
    return undefined;
  }
  password = password.replace(/\r?\n$/, "");
  if (password !== "" && !/[\r\n]/.test(password)) return { kind: "plain", password };
  problems.add(at, "Expected one line that is not empty.", "Write the password alone into the file.");
  return undefined;
}
