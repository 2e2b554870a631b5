#!/usr/bin/env node
/** Arguments to commands, and the only place that ends the process. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { VARIANT_CODES } from "../artifact/input-info-variants.js";
import { PROFILES } from "../contract/model.js";
import { describeProblem, EXIT, Refusal } from "../errors.js";
import { diff, FAIL_ON } from "./diff.js";
import { generate } from "./generate.js";
import { inspect, LINEAGE_FORMS } from "./inspect.js";
import { lock } from "./lock.js";
import { printRequirements } from "./requirements.js";
import { run } from "./run.js";
import { serve } from "./serve.js";
import { verify } from "./verify.js";

const EXIT_OF = { usage: EXIT.usage, artifact: EXIT.artifact, difference: EXIT.difference } as const;

const program = new Command("artifact-gateway")
  .description("Serves an approved decision artifact over SOAP, gRPC and JSON.")
  .exitOverride()
  .showHelpAfterError("(--help shows how to use it)");

const CONFIG = ["--config <file>", "YAML file with settings"] as const;
const LOCK = ["--lock <file>", "contract lock of the artifact"] as const;
const PYTHON = ["--python <path>", "Python interpreter (default python3)"] as const;

program
  .command("serve")
  .description("answer calls until told to stop")
  .argument("<artifact...>", "folders, or bundles (.tar.gz, .tgz, .tar, .zip)")
  .option("--port <number>", "application port for SOAP, JSON and gRPC (default 8080; PORT is honoured)")
  .option("--grpc-port <number>", "a port of its own for gRPC")
  .option("--socket <path>", "Unix socket for SOAP, JSON and gRPC, in place of the port")
  .option("--tls-cert <file>", "certificate of the application ports, PEM (docs/tls.md)")
  .option("--tls-key <file>", "its private key, PEM")
  .option("--tls-client-ca <file>", "authorities whose certificates callers must show, PEM")
  .option("--management-port <number>", "port of /livez and /readyz (default 9090)")
  .option("--host <address>", "address to listen on (default 0.0.0.0)")
  .option("--public-url <url>", "address that callers see, written into the WSDL")
  .option(
    "--page <mode>",
    "the page at /: off, read-only or full (default full where only this machine reaches it)",
  )
  .option("--processes <number>", "Python processes for each artifact")
  .option("--spare-processes <number>", "processes that wait to replace a lost one (default 1)")
  .option("--lock <file...>", "contract locks of the artifacts")
  .option("--frozen", "refuse an artifact that has not exactly the interface of its lock")
  .option("--soap-policy <file>", "who may call over SOAP, and how they prove it (docs/soap-security.md)")
  .option(...PYTHON)
  .option(...CONFIG)
  .option("--print-config", "print the effective settings and stop")
  .action(serve);

program
  .command("run")
  .description("call main() once, without a server: of the artifact, or of components (docs/components.md)")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .requiredOption("--input <file>", "JSON by table and column; - reads standard input")
  .addOption(new Option("--only <ref>", "this component by itself").conflicts(["include", "exclude"]))
  .option("--include <ref...>", "these components, each with the answers of those that it needs")
  .option("--exclude <ref...>", "not these components; their answers are taken from the input")
  .option("--lock <file...>", "contract lock of the artifact")
  .option(...PYTHON)
  .option(...CONFIG)
  .action(run);

program
  .command("lock")
  .description("write the contract lock: what callers are promised, kept beside the artifact")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .requiredOption("--out <file>", "where to write it, for example contract.lock.json")
  .option("--sample <file...>", "inputs to try main() with, several times, as JSON by table and column")
  .option("--previous <file>", "the lock that callers have; names, numbers and facets carry over from it")
  .addOption(new Option("--profile <name>", "what the contract is bounded for").choices(PROFILES))
  .option("--major <number>", "major version; without it, raised when callers would break", wholeNumber)
  .option("--type <path=type...>", "types of columns that input_info.json lists without one")
  .addOption(new Option("--variant <name>", "how input_info.json is to be read").choices(VARIANT_CODES))
  .option("--result <type>", "type of the answer, for example 'Struct[decision: String]'")
  .option(...PYTHON)
  .option(...CONFIG)
  .action(lock);

program
  .command("generate")
  .description("write the contract files: WSDL and proto")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .requiredOption("--out <folder>", "where to write them")
  .option(...LOCK)
  .option("--check", "write nothing; exit 4 when a file differs")
  .action(generate);

program
  .command("diff")
  .description("show what a new version would break, for each protocol")
  .argument("<old>", "what callers know: an artifact or a contract lock")
  .argument("<new>", "what is to take its place: an artifact or a contract lock")
  .addOption(new Option("--fail-on <kind>", "exit 4 when there is such a change").choices(FAIL_ON))
  .option("--json", "as JSON")
  .action(diff);

program
  .command("inspect")
  .description("show what an artifact is, what it wants, what it answers and what it is made of")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .option(...LOCK)
  .option("--json", "as JSON (docs/inspect.schema.json)")
  .option("--full", "every column, prompt and line of the lineage")
  .addOption(new Option("--lineage <form>", "the lineage alone").choices(LINEAGE_FORMS))
  .option("--include <ref...>", "of the lineage only these objects and what they are made from")
  .option("--exclude <ref...>", "of the lineage not these objects, nor what only they use")
  .option("--out <file>", "write to this file instead of standard output")
  .option("--extract <folder>", "write settings, prompts and knowledge files there, with a manifest")
  .option("--force", "replace the file or folder when it is there already")
  .option(...PYTHON)
  .option(...CONFIG)
  .action(inspect);

program
  .command("verify")
  .description("prove that an artifact is the one that was approved and can be served here")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .option("--digest <sha256:hex>", "the digest that was approved")
  .option("--signature <file>", "signature of the bundle (base64 or DER), as cosign sign-blob writes it")
  .option("--key <file>", "public key of the signer (PEM)")
  .option("--strict", "refuse other versions of Python and libraries than the artifact was made with")
  .option("--json", "as JSON")
  .option(...PYTHON)
  .option(...CONFIG)
  .action(verify);

program
  .command("requirements")
  .description("print the artifact's libraries as pip requirements")
  .argument("<artifact>", "folder, or bundle (.tar.gz, .tgz, .tar, .zip)")
  .action(printRequirements);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// Nothing of ours is left to wait for; a stray handle must not keep a finished command alive.
process.exit();

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 on.");
  return Number(text);
}

/** Says on standard error what went wrong, in full. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Refusal) {
    for (const problem of error.problems)
      process.stderr.write(`artifact-gateway: ${describeProblem(problem)}\n`);
    return EXIT_OF[error.kind];
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`artifact-gateway: a defect of the gateway, please report it: ${text}\n`);
  return EXIT.defect;
}
