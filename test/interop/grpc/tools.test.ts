/** Tools of the gRPC world that know nothing but server reflection and health: every method found, described and called. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, test, type TestContext } from "node:test";
import { runCommand } from "../../support/run-command.js";
import { repository } from "../../support/served-example.js";
import { serveExamples, type ServedCommand } from "../serve-command.js";
import { commandOf, readTools, skipWithout } from "../tools.js";

const { modelPython, grpcurl, grpcui, grpcHealthProbe, ghz } = readTools();
const BUF = repository("node_modules/.bin/buf");

const SERVICE = "credit_decision.v1.CreditDecisionService";
const REQUEST = readFileSync(repository("examples/credit_decision/samples/approve.grpc.json"), "utf8");
const ITEM = JSON.stringify({ id: "a", request: JSON.parse(REQUEST) as unknown });

/** Every method there is, what to send it, and what must be in its answer. */
const METHODS: Readonly<Record<string, readonly [request: string, answer: RegExp]>> = {
  [`${SERVICE}/Evaluate`]: [REQUEST, /"decision":\s*"APPROVE"/],
  [`${SERVICE}/EvaluateStream`]: [`${ITEM}\n${ITEM}`, /"id":\s*"a"[^]*"id":\s*"a"/],
  [`${SERVICE}/GetMetadata`]: ["{}", /"artifact_?[dD]igest":\s*"sha256:[0-9a-f]{64}"/],
  "grpc.health.v1.Health/Check": [JSON.stringify({ service: SERVICE }), /"status":\s*"SERVING"/],
  "grpc.health.v1.Health/List": ["{}", new RegExp(`"${SERVICE}":\\s*{\\s*"status":\\s*"SERVING"`)],
  "grpc.reflection.v1.ServerReflection/ServerReflectionInfo": [
    `{"list_services":""}`,
    /CreditDecisionService/,
  ],
  "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": [
    `{"list_services":""}`,
    /CreditDecisionService/,
  ],
};

/** A stream without end, which is listed and described, but not called here. */
const WATCH = "grpc.health.v1.Health/Watch";

const CALLERS = 64;
const CALLS = 20_000;
/** Items of each stream of ghz; together there are as many as calls. */
const ITEMS = 4;

let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

const target = (): string => `127.0.0.1:${served.port}`;
const grpcurlOf = (...words: string[]): Promise<string> =>
  runCommand(commandOf(grpcurl), ["-plaintext", target(), ...words]);

/** Those of the three examples are alike: one stands for them. */
const isOfOthers = (service: string): boolean => /^(card_assistant|default_risk|exact_echo)\./.test(service);
/** `package.Service/Method`, as calls have it. */
const pathOf = (method: string): string => method.replace(/\.(\w+)$/, "/$1");
const wordsOf = (text: string): string[] => text.trim().split(/\s+/);

test(
  "grpcurl lists every method and describes each, with all the types it leads to",
  { skip: skipWithout(grpcurl) },
  async () => {
    const services = wordsOf(await grpcurlOf("list")).filter((name) => !isOfOthers(name));
    const methods = (await Promise.all(services.map((name) => grpcurlOf("list", name)))).flatMap(wordsOf);
    assert.deepEqual(methods.map(pathOf).sort(), [...Object.keys(METHODS), WATCH].sort());
    const types = new Set<string>();
    for (const described of await Promise.all(methods.map((name) => grpcurlOf("describe", name)))) {
      for (const [, type = ""] of described.matchAll(/\( (?:stream )?\.([\w.]+) \)/g)) types.add(type);
    }
    assert.ok(types.size > 10, [...types].join(" "));
    for (const described of await Promise.all([...types].map((type) => grpcurlOf("describe", type)))) {
      assert.match(described, /is a message:/);
    }
  },
);

for (const [method, [request, answer]] of Object.entries(METHODS)) {
  test(`grpcurl calls ${method}`, { skip: skipWithout(grpcurl) }, async () => {
    const args = ["-plaintext", "-d", "@", target(), method];
    assert.match(await runCommand(commandOf(grpcurl), args, request), answer);
  });

  test(`buf curl calls ${method}, by either version of reflection`, async () => {
    for (const version of ["grpc-v1", "grpc-v1alpha"]) {
      const args = ["curl", "--protocol", "grpc", "--reflect-protocol", version, "--data", "@-"];
      assert.match(await runCommand(BUF, [...args, `http://${target()}/${method}`], request), answer);
    }
  });
}

test(
  "grpc_health_probe: the whole, each service, and a service that is not there",
  { skip: skipWithout(grpcHealthProbe) },
  async () => {
    const probe = (...more: string[]): Promise<string> =>
      runCommand(commandOf(grpcHealthProbe), [`-addr=${target()}`, ...more]);
    await probe();
    await probe(`-service=${SERVICE}`);
    await assert.rejects(probe("-service=nobody.v1.NobodyService"), /ended with 3[^]*code = NotFound/);
  },
);

test(
  "grpcui lists every method, describes it and calls it",
  { skip: skipWithout(grpcui) },
  async (context) => {
    const url = await startGrpcui(context);
    const page = await fetch(url);
    const html = await page.text();
    assert.ok(html.includes(SERVICE));
    const cookie = page.headers.getSetCookie().join("; ");
    const [, token = ""] = /_grpcui_csrf_token=([^;]+)/.exec(cookie) ?? [];
    for (const [method, [request, answer]] of Object.entries(METHODS)) {
      // grpcui leaves out what it works by itself.
      if (method.startsWith("grpc.reflection.")) continue;
      const name = method.replace("/", ".");
      const described = await fetch(`${url}metadata?method=${name}`);
      assert.equal(described.status, 200, method);
      assert.ok(((await described.json()) as { readonly requestType: string }).requestType.length > 0);
      const data = request
        .split("\n{")
        .map((one, index) => JSON.parse(index === 0 ? one : `{${one}`) as unknown);
      const reply = await fetch(`${url}invoke/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Cookie: cookie, "x-grpcui-csrf-token": token },
        body: JSON.stringify({ metadata: [], data }),
      });
      const text = await reply.text();
      assert.equal(reply.status, 200, text);
      assert.match(text, answer, method);
    }
  },
);

/** @returns where it is */
async function startGrpcui(context: TestContext): Promise<string> {
  const args = ["-plaintext", "-open-browser=false", "-port", "0", target()];
  const child = spawn(commandOf(grpcui), args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  context.after(async () => {
    child.kill();
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /available at (\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  return assert.fail("grpcui ended");
}

for (const [name, method, calls, data] of [
  ["calls", `${SERVICE}/Evaluate`, CALLS, REQUEST],
  [
    `streams of ${ITEMS} items`,
    `${SERVICE}/EvaluateStream`,
    CALLS / ITEMS,
    `[${Array(ITEMS).fill(ITEM).join(",")}]`,
  ],
] as const) {
  test(
    `ghz: ${calls} ${name} by ${CALLERS} callers, and each is OK`,
    { skip: skipWithout(ghz) },
    async () => {
      const load = [
        "-n",
        String(calls),
        "-c",
        String(CALLERS),
        "--connections",
        "8",
        "-O",
        "json",
        "--timeout",
        "60s",
      ];
      const args = ["--insecure", "--call", method, ...load, "-d", data, target()];
      const report = JSON.parse(await runCommand(commandOf(ghz), args)) as Record<string, unknown>;
      assert.equal(report["count"], calls);
      assert.deepEqual(
        report["statusCodeDistribution"],
        { OK: calls },
        JSON.stringify(report["errorDistribution"]),
      );
    },
  );
}
