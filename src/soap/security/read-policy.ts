/** The policy file, with the certificates and secrets it refers to. Every problem is told; no secret ever is. */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { Refusal } from "../../errors.js";
import { memberPath, problemList, type ProblemList } from "../../problems.js";
import type { SignaturePolicy, SoapPolicy, UsernameTokenPolicy } from "./policy.js";
import { POLICY_FILE, type PolicyFile } from "./policy-schema.js";
import type { PolicySources } from "./policy-sources.js";
import { readCertificates } from "./read-certificates.js";
import { readUsers } from "./read-users.js";

const LARGEST_BYTES = 1024 * 1024;
const REMEDY = "Correct the policy file; docs/soap-security.md lists its keys.";

/**
 * Reads a SOAP policy. Paths in it are taken from its own folder.
 * @param variable reads an environment variable
 * @throws Refusal `usage` with everything that is wrong with it, and where; no secret is in the text
 */
export function readSoapPolicy(path: string, variable: PolicySources["variable"]): SoapPolicy {
  const problems = problemList(path);
  const sources = { readFile: (name: string) => readBounded(resolve(dirname(path), name)), variable };
  const policy = toPolicy(parseFile(path, problems), sources, problems);
  const listed = problems.listed();
  if (policy === undefined || listed.length > 0) throw new Refusal("usage", listed);
  return policy;
}

function toPolicy(
  file: PolicyFile | undefined,
  sources: PolicySources,
  problems: ProblemList,
): SoapPolicy | undefined {
  if (file === undefined) return undefined;
  const { usernameToken, signature, ...rest } = file;
  return Object.freeze({
    ...rest,
    ...(usernameToken === undefined ? {} : { usernameToken: tokenPolicy(usernameToken, sources, problems) }),
    ...(signature === undefined ? {} : { signature: signaturePolicy(signature, sources, problems) }),
  });
}

function tokenPolicy(
  { use, passwordTypes, users }: NonNullable<PolicyFile["usernameToken"]>,
  sources: PolicySources,
  problems: ProblemList,
): UsernameTokenPolicy {
  const read = readUsers(users, passwordTypes, sources, problems);
  return { use, passwordTypes: [...new Set(passwordTypes)], users: read };
}

function signaturePolicy(
  file: NonNullable<PolicyFile["signature"]>,
  sources: PolicySources,
  problems: ProblemList,
): SignaturePolicy {
  const certificates = readCertificates("certificates", file.certificates, sources, problems);
  const authorities = readCertificates("authorities", file.authorities, sources, problems);
  return {
    use: file.use,
    certificates,
    authorities,
    subjects: new Set(file.subjects),
    thumbprints: new Set(file.thumbprints),
    signedParts: new Set(file.signedParts),
  };
}

function parseFile(path: string, problems: ProblemList): PolicyFile | undefined {
  let text: string;
  try {
    text = readBounded(path).toString("utf8");
  } catch {
    problems.add("", "The policy file cannot be read, or is larger than 1 MB.", "Check the path.");
    return undefined;
  }
  const document = parseDocument(text, { strict: true, uniqueKeys: true, prettyErrors: true });
  for (const { code, linePos } of [...document.errors, ...document.warnings]) {
    // The parser's own words may quote the line, and the line may hold a password.
    problems.add("", `Not valid YAML: ${code} in line ${linePos?.[0].line ?? "?"}.`, REMEDY);
  }
  if (problems.listed().length > 0) return undefined;
  const parsed = POLICY_FILE.safeParse(toValue(document, problems));
  for (const { path: keys, message } of parsed.error?.issues ?? []) {
    const at = keys.reduce<string>(
      (place, key) => (typeof key === "number" ? `${place}[${key}]` : memberPath(place, String(key))),
      "",
    );
    problems.add(at, `${message}.`, REMEDY);
  }
  return parsed.data;
}

/** The document as plain values; an alias (`*name`) is refused, since a password that begins with a star is no alias. */
function toValue(document: ReturnType<typeof parseDocument>, problems: ProblemList): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch {
    problems.add("", "The file uses a YAML alias, or a text that begins with * and has no quotes.", REMEDY);
    return undefined;
  }
}

function readBounded(path: string): Buffer {
  if (statSync(path).size > LARGEST_BYTES) throw new Error("The file is larger than 1 MB.");
  return readFileSync(path);
}
