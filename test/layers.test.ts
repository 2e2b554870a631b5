/** The import rules of the source tree: who may know whom. CONTRIBUTING.md has the same table for people. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { repository } from "./support/served-example.js";

/** What each folder may import besides itself and the shared files at the top of `src`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  artifact: [],
  contract: ["artifact"],
  pickle: [],
  lineage: [],
  describe: ["artifact", "contract", "lineage"],
  components: ["artifact", "contract", "describe", "json", "lineage", "contract-of"],
  call: ["contract", "pickle"],
  http: ["http2"],
  http2: [],
  wsdl: ["contract"],
  proto: ["contract"],
  cobol: ["contract"],
  lint: ["cobol", "contract"],
  openapi: ["contract", "json", "samples"],
  samples: ["contract", "json", "proto", "soap"],
  soap: ["call", "contract", "http"],
  grpc: ["call", "contract", "http2", "proto"],
  oip: ["call", "contract", "grpc", "json", "proto"],
  json: ["call", "contract", "http"],
  diff: ["contract", "json", "proto"],
  lock: ["artifact", "call", "contract", "json", "cobol", "diff", "lint", "contract-of"],
  pool: ["call", "contract/main-options"],
  ops: [],
  tls: [],
  page: ["contract", "http", "contract-files"],
  front: ["contract", "http", "http2", "json", "page", "soap", "tls", "contract-files"],
  cli: [
    "artifact",
    "call",
    "components",
    "contract",
    "describe",
    "diff",
    "json",
    "lineage",
    "lint",
    "lock",
    "ops",
    "gateway",
    "serve-artifact",
    "contract-files",
    "contract-of",
    "contracted",
    "main-interface",
    "pool",
    "sample-inputs",
  ],
};

/** Files at the top of `src` that everybody may import, and that import nothing but one another. */
const SHARED = [
  "body-budget",
  "byte-output",
  "calendar",
  "caller-of",
  "cgroup",
  "config",
  "decimals",
  "deferred",
  "dynamic-json",
  "errors",
  "json-text",
  "lexical",
  "limits",
  "namespaces",
  "observe",
  "own-bytes",
  "page-mode",
  "problems",
  "request-id",
  "settings",
  "sizing",
  "strict-json",
  "utf8",
  "values",
  "version",
  "visible-text",
  "xml-printer",
];

/** Files at the top of `src` that put the parts together. */
const COMPOSITION: Readonly<Record<string, readonly string[]>> = {
  "contract-files": ["cobol", "contract", "proto", "wsdl", "openapi", "samples"],
  "contract-of": ["artifact", "contract"],
  contracted: ["artifact", "contract", "lock", "contract-of", "serve-artifact"],
  "main-interface": ["contract", "pool"],
  "sample-inputs": ["call", "contract", "json"],
  "serve-artifact": ["artifact", "call", "contract", "pool", "main-interface", "sample-inputs"],
  "offload-messages": ["call", "soap"],
  offload: ["call", "contract", "soap", "offload-messages", "offload-line"],
  "offload-line": ["call"],
  "offload-thread": ["call", "contract", "grpc", "json", "oip", "soap", "offload", "offload-messages"],
  gateway: [
    "artifact",
    "call",
    "contract",
    "front",
    "grpc",
    "http",
    "json",
    "lock/interface-hash",
    "oip",
    "openapi",
    "ops",
    "page",
    "soap",
    "tls",
    "wsdl",
    "contract-files",
    "offload",
    "serve-artifact",
  ],
};

/** The packages that only some places may know. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@bufbuild/protobuf": ["grpc", "oip", "proto"],
  "@grpc/grpc-js": ["grpc", "oip"],
  "@grpc/proto-loader": ["grpc"],
  commander: ["cli/main"],
  pino: ["ops/logger"],
  piscina: ["pool/pool", "offload", "offload-thread"],
  soap: ["soap"],
  tar: ["artifact"],
  yaml: ["config", "soap/security/read-policy"],
  zod: [
    "artifact",
    "describe/report-schema",
    "settings",
    "contract/main-options",
    "lock/lock-schema",
    "soap/security/policy-schema",
    "cli/installed-versions",
    "version",
  ],
  "node:child_process": ["pool/supervisor-process", "cli/installed-versions"],
};

/** Words of the language that only some places may use. */
const RESERVED_WORDS: readonly { readonly pattern: RegExp; readonly places: readonly string[] }[] = [
  { pattern: /\bprocess\.env\b/, places: ["config"] },
  { pattern: /\bprocess\.exit\(/, places: ["cli/main"] },
];

interface SourceFile {
  /** Relative to `src`, without extension. */
  readonly place: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const SRC = repository("src");

const files: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.startsWith("proto/gen/") && !name.startsWith("grpc/gen/"))
  .map((name) => {
    const text = readFileSync(join(SRC, name), "utf8");
    const imports = [...text.matchAll(/^(?:import|export)\b[^"';]*?(?:from )?"([^"]+)";$/gm)].map(
      ([, from = ""]) => from,
    );
    return { place: name.replace(/\.ts$/, ""), text, imports };
  });

function isWithin(place: string, allowed: readonly string[]): boolean {
  return allowed.some((part) => place === part || place.startsWith(`${part}/`));
}

/** Places of our own that a file imports, relative to `src`. */
function ownImports({ place, imports }: SourceFile): string[] {
  return imports
    .filter((from) => from.startsWith("."))
    .map((from) => relative(SRC, join(SRC, dirname(place), from)).replace(/\.js$/, ""));
}

test("every folder imports only what its row allows", () => {
  assert.ok(files.length > 60, `only ${files.length} files were found`);
  const wrong: string[] = [];
  for (const file of files) {
    const [folder = "", inside] = file.place.split("/");
    const allowed = inside === undefined ? (COMPOSITION[folder] ?? []) : [folder, ...(ALLOWED[folder] ?? [])];
    if (inside !== undefined && !(folder in ALLOWED)) wrong.push(`${file.place}: its folder has no row`);
    if (inside === undefined && !SHARED.includes(folder) && !(folder in COMPOSITION)) {
      wrong.push(`${file.place}: neither shared nor composition`);
    }
    for (const target of ownImports(file)) {
      if (!isWithin(target, [...SHARED, ...allowed])) wrong.push(`${file.place} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("what runs in a browser imports nothing that runs elsewhere, nor the other way round", () => {
  const isBrowser = (place: string): boolean => place.startsWith("page/browser/");
  const wrong = files.flatMap((file) =>
    [...ownImports(file), ...file.imports.filter((from) => !from.startsWith("."))]
      .filter((target) => isBrowser(file.place) !== isBrowser(target))
      .filter((target) => isBrowser(file.place) || isBrowser(target))
      .map((target) => `${file.place} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test("no file imports itself, not even through others", () => {
  const imports = new Map(files.map((file) => [file.place, ownImports(file)]));
  const finished = new Set<string>();
  const cycleFrom = (place: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(place)) return [...path.slice(path.indexOf(place)), place];
    if (finished.has(place)) return undefined;
    for (const target of imports.get(place) ?? []) {
      const cycle = cycleFrom(target, [...path, place]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(place);
    return undefined;
  };
  const cycles = files
    .map(({ place }) => cycleFrom(place, [])?.join(" -> "))
    .filter((cycle) => cycle !== undefined);
  assert.deepEqual(cycles, []);
});

test("a package is known only where it belongs", () => {
  const wrong = files.flatMap(({ place, imports }) =>
    imports
      .filter((from) => !from.startsWith("."))
      .map((from) => Object.entries(PACKAGES).find(([name]) => from === name || from.startsWith(`${name}/`)))
      .filter((row) => row !== undefined && !isWithin(place, row[1]))
      .map((row) => `${place} imports ${row?.[0] ?? ""}`),
  );
  assert.deepEqual(wrong, []);
});

test("every dependency has its row here and its line in docs/dependencies.md", () => {
  const { dependencies = {} } = JSON.parse(readFileSync(repository("package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const documented = readFileSync(repository("docs/dependencies.md"), "utf8");
  for (const name of Object.keys(dependencies)) {
    assert.ok(name in PACKAGES, `${name} has no row`);
    assert.ok(documented.includes(`\`${name}\``), `${name} is not in docs/dependencies.md`);
  }
});

test("the environment is read, and the process ended, in one place", () => {
  const wrong = files.flatMap(({ place, text }) =>
    RESERVED_WORDS.filter(
      ({ pattern, places }) => pattern.test(withoutComments(text)) && !isWithin(place, places),
    ).map(({ pattern }) => `${place} uses ${String(pattern)}`),
  );
  assert.deepEqual(wrong, []);
});

test("no source file is longer than a person reads in one go", () => {
  const long = files.filter(({ text }) => text.split("\n").length > 301).map(({ place }) => place);
  assert.deepEqual(long, []);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
