/** `verify`: proves that an artifact is the one that was approved, and says whether this machine can run it. */
import { createPublicKey, verify as verifySignature } from "node:crypto";
import { readFile } from "node:fs/promises";
import { requirements } from "../artifact/requirements.js";
import type { Artifact } from "../artifact/read-artifact.js";
import { loadConfig, type Flags } from "../config.js";
import { Refusal, type Problem } from "../errors.js";
import { contractOf } from "../contract-of.js";
import { compareVersions, type ComparedVersion } from "../describe/compare-versions.js";
import { installedVersions } from "./installed-versions.js";
import { formatTable } from "./table.js";
import { withArtifact } from "./with-artifact.js";
import { printOut } from "./print-out.js";

interface VerifyFlags extends Flags {
  readonly digest?: string;
  readonly signature?: string;
  readonly key?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

interface Check {
  readonly check: string;
  readonly result: "ok" | "differs" | "missing" | "failed" | "not asked";
  readonly detail: string;
}

/** @throws Refusal `artifact` when a check failed; the table has been printed by then */
export async function verify(path: string, flags: VerifyFlags): Promise<void> {
  const { digest, signature, key, strict = false, json, config: configFile, ...settings } = flags;
  const config = loadConfig(settings, configFile);
  if ((signature === undefined) !== (key === undefined)) {
    const where = signature === undefined ? "--key" : "--signature";
    const remedy = "Give both --signature and --key, or neither.";
    throw new Refusal("usage", [{ where, path: "", message: "Says nothing by itself.", remedy }]);
  }
  await withArtifact(path, async (artifact) => {
    contractOf(artifact);
    requirements(artifact.versions);
    const checks: Check[] = [
      { check: "artifact", result: "ok", detail: `${artifact.alias}, ${artifact.files.length} files` },
      checkDigest(artifact.digest, digest),
      await checkSignature(path, signature, key),
      ...(await checkVersions(artifact, config.python)),
    ];
    const rows = checks.map((row) => [row.check, row.result, row.detail]);
    await printOut(
      json === true
        ? `${JSON.stringify({ source: path, digest: artifact.digest, checks }, null, 2)}\n`
        : `${formatTable(rows)}\n`,
    );
    const problems = checks.flatMap((row) => problemOf(row, path, strict));
    if (problems.length > 0) throw new Refusal("artifact", problems);
  });
}

function checkDigest(actual: string, pinned: string | undefined): Check {
  if (pinned === undefined) return { check: "digest", result: "ok", detail: `${actual} (not pinned)` };
  const same = actual === pinned.toLowerCase();
  return {
    check: "digest",
    result: same ? "ok" : "failed",
    detail: same ? actual : `${actual}, approved: ${pinned}`,
  };
}

/** A detached signature over the bundle's own bytes, ECDSA or RSA with SHA-256, as `cosign sign-blob --key` makes it. */
async function checkSignature(bundle: string, signature?: string, key?: string): Promise<Check> {
  if (signature === undefined || key === undefined) {
    return { check: "signature", result: "not asked", detail: "no --signature and --key" };
  }
  const failed = (detail: string): Check => ({ check: "signature", result: "failed", detail });
  const content = await readFile(bundle).catch(() => undefined);
  if (content === undefined) return failed("a signature is over one file: give the bundle, not its folder");
  try {
    const raw = await readFile(signature);
    const text = raw.toString("latin1").trim();
    const bytes = /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, "base64") : raw;
    const publicKey = createPublicKey(await readFile(key));
    const valid = verifySignature("sha256", content, publicKey, bytes);
    return valid ? { check: "signature", result: "ok", detail: key } : failed(`not made with ${key}`);
  } catch {
    return failed("the signature or the key cannot be read");
  }
}

async function checkVersions(artifact: Artifact, python: string): Promise<Check[]> {
  const { versions } = artifact;
  const installed = await installedVersions(python);
  if (installed === undefined) {
    return [{ check: "python", result: "missing", detail: `${python} cannot be run` }];
  }
  const { python: wanted, libraries } = compareVersions(versions, installed);
  return [...(wanted === undefined ? [] : [wanted]), ...libraries].map(checkOf);
}

function checkOf({ name: check, made, installed, state }: ComparedVersion): Check {
  if (installed === undefined) return { check, result: "missing", detail: `made with ${made}` };
  if (state === "same") return { check, result: "ok", detail: installed };
  return { check, result: "differs", detail: `${installed}, made with ${made}` };
}

function problemOf({ check, result, detail }: Check, source: string, strict: boolean): Problem[] {
  const counts = result === "failed" || result === "missing" || (strict && result === "differs");
  if (!counts) return [];
  const remedy =
    result === "failed"
      ? "Do not serve it; get the bundle that was approved."
      : "Install what `artifact-gateway requirements` prints.";
  return [{ where: source, path: check, message: `${result}: ${detail}.`, remedy }];
}
