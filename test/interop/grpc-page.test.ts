/** The programs of docs/grpc.md, run as they stand there: every answer, and a stream that goes on at another gateway. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { repository } from "../support/served-example.js";
import { generateGo, generateJava, generatePython } from "./protoc.js";
import { emptyFolder, runTool } from "./run-tool.js";
import { serveCommand, type ServedCommand } from "./serve-command.js";
import { addressOf } from "./served-elsewhere.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { clientPython, modelPython, go, protocGenGo, grpcJava, protocGenGrpcJava } = readTools();
const PAGE = readFileSync(repository("docs/grpc.md"), "utf8");
const CONFIG = repository("proto/credit_decision/v1/credit_decision.service-config.json");
const REQUESTS = 4000;
/** Every so many requests lack their product. */
const BAD_EVERY = 7;

/** One language: how its program is made, and the command that runs it. */
interface Language {
  readonly name: string;
  readonly skip: string | false;
  readonly build: (folder: string) => Promise<void>;
  readonly command: (folder: string) => readonly [string, ...string[]];
}

const LANGUAGES: readonly Language[] = [
  {
    name: "go",
    skip: skipWithout(go) !== false ? skipWithout(go) : skipWithout(protocGenGo),
    build: async (folder) => {
      for (const file of ["go.mod", "go.sum"])
        copyFileSync(repository(`test/interop/go/${file}`), join(folder, file));
      await generateGo(folder);
      mkdirSync(join(folder, "caller"));
      writeFileSync(join(folder, "caller", "main.go"), program("go"));
      await runTool(commandOf(go), ["vet", "-mod=readonly", "./caller"], folder);
      await runTool(commandOf(go), ["build", "-mod=readonly", "-o", "program", "./caller"], folder);
    },
    command: (folder) => [join(folder, "program")],
  },
  {
    name: "java",
    skip: skipWithout(protocGenGrpcJava),
    build: async (folder) => {
      await generateJava(folder);
      const source = join(folder, "CreditCaller.java");
      writeFileSync(source, program("java"));
      const options = ["-Xlint:all,-path", "-sourcepath", folder, "-d", join(folder, "classes")];
      await runTool("javac", [...options, "-cp", commandOf(grpcJava), source]);
    },
    command: (folder) => ["java", "-cp", `${join(folder, "classes")}:${commandOf(grpcJava)}`, "CreditCaller"],
  },
  {
    name: "python",
    skip: false,
    build: async (folder) => {
      await generatePython(folder);
      writeFileSync(join(folder, "caller.py"), program("python"));
    },
    command: (folder) => [clientPython, join(folder, "caller.py")],
  },
];

/** The one block of a language. */
function program(language: string): string {
  const found = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))];
  assert.equal(found.length, 1, language);
  return found[0]?.[1] ?? "";
}

function writeRequests(folder: string): string {
  const text = readFileSync(repository("examples/credit_decision/samples/approve.grpc.json"), "utf8");
  const lines = Array.from({ length: REQUESTS }, (_, index) => {
    const request = JSON.parse(text) as { application: Record<string, unknown>[] };
    const [row] = request.application;
    assert.ok(row !== undefined && "product_code" in row);
    if (isBad(index)) delete row["product_code"];
    return `${JSON.stringify(request)}\n`;
  });
  const file = join(folder, "requests.jsonl");
  writeFileSync(file, lines.join(""));
  return file;
}

const isBad = (index: number): boolean => index % BAD_EVERY === BAD_EVERY - 1;

const EXPECTED = [
  "alone APPROVE",
  ...Array.from({ length: REQUESTS }, (_, index) =>
    isBad(index) ? `${index} INVALID_ARGUMENT application[0].product_code` : `${index} APPROVE`,
  ),
];

/** Go has names of its own for the codes. */
const inCapitals = (line: string): string => line.replace("InvalidArgument", "INVALID_ARGUMENT");

for (const { name, skip, build, command } of LANGUAGES) {
  test(
    `docs/grpc.md, ${name}: a stream outlives its gateway, and nothing is lost or run twice`,
    { skip },
    async (t) => {
      const folder = emptyFolder(`page-${name}`);
      await build(folder);
      const [first, second] = await Promise.all([serveCredit(), serveCredit()]);
      const address = await addressOf(first.port);
      t.after(async () => {
        address.close();
        await Promise.all([first.stop(), second.stop()]);
      });
      const [file, ...args] = command(folder);
      const child = spawn(file, [...args, `localhost:${address.port}`, CONFIG, writeRequests(folder)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "close") as Promise<[number | null]>;
      const lines: string[] = [];
      let stopped: Promise<void> | undefined;
      createInterface({ input: child.stdout }).on("line", (line) => {
        lines.push(inCapitals(line));
        if (lines.length !== 50) return;
        address.lead(second.port);
        stopped = first.stop();
      });
      assert.deepEqual(await ended, [0, null]);
      await stopped;
      await second.stop();
      address.close();
      assert.deepEqual(lines, EXPECTED);
      const runs = [first, second].map(callsIn);
      assert.ok(
        runs.every((count) => count > 0),
        `the stream did not change gateways: ${runs.join(", ")}`,
      );
      // What was answered was run, and nothing else was.
      assert.equal(
        runs.reduce((sum, count) => sum + count, 0),
        EXPECTED.filter((line) => line.endsWith(" APPROVE")).length,
      );
    },
  );
}

function serveCredit(): Promise<ServedCommand> {
  return serveCommand(["examples/credit_decision/artifact", "--python", modelPython]);
}

/** Calls that the log of a gateway has as answered. */
function callsIn({ log }: ServedCommand): number {
  return log.filter((line) => line.includes('"msg":"call"')).length;
}
