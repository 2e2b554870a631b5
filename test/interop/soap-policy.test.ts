/** The WSDL with policy assertions and the WS-Addressing of replies, against the tools and clients of Java. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { SOAP_VERSIONS, soapPort, type SoapVersion } from "../../src/contract/soap-names.js";
import { newStruct, type Struct } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import type { PublicPolicy } from "../../src/wsdl/policy.js";
import { envelope, NAMESPACE, payload, startHarness } from "../soap/soap-harness.js";
import { runCommand } from "../support/run-command.js";
import { sampleService } from "../support/sample-service.js";
import { JAVA_SOURCES } from "./soap/java-clients.js";
import { assertExplained, emptyFolder, runTool } from "./run-tool.js";
import { commandOf, readTools, skipWithout, type OptionalTool } from "./tools.js";

const { cxf, jaxws } = readTools();
const folder = emptyFolder("soap-policy");
const service = sampleService();

const DIGEST = { use: "optional", passwordTypes: ["digest"] } as const;
const PARTS = new Set(["body", "timestamp", "usernameToken", "addressing"] as const);
const POLICIES: Readonly<Record<string, PublicPolicy>> = {
  addressing: { addressing: "optional" },
  text: {
    addressing: "required",
    security: {
      timestamp: "required",
      anonymous: true,
      usernameToken: { use: "required", passwordTypes: ["text"] },
    },
  },
  choice: {
    addressing: "optional",
    security: {
      timestamp: "optional",
      anonymous: false,
      usernameToken: DIGEST,
      signature: { use: "optional", signedParts: PARTS },
    },
  },
};

/** Writes every policy in every version and under both schemes. */
function writeWsdls(): readonly string[] {
  return Object.entries(POLICIES).flatMap(([name, policy]) =>
    SOAP_VERSIONS.flatMap((version) =>
      ["http", "https"].map((scheme) => {
        const file = join(folder, `${name}-${version}-${scheme}.wsdl`);
        writeFileSync(file, generateWsdl(service, `${scheme}://localhost/soap`, version, policy));
        return file;
      }),
    ),
  );
}

const java = (tool: OptionalTool, drivers: string, ...args: readonly string[]): readonly string[] => [
  "-cp",
  `${drivers}:${commandOf(tool)}`,
  ...args,
];

for (const { name, tool, generator } of [
  { name: "cxf", tool: cxf, generator: "CxfGenerator" },
  { name: "jaxws", tool: jaxws, generator: "WsimportGenerator" },
]) {
  test(`${name}: takes every WSDL with a policy without a word`, { skip: skipWithout(tool) }, async () => {
    const [drivers, sources] = [join(folder, name), join(folder, `${name}-sources`)];
    await compile(tool, drivers, generator);
    mkdirSync(sources);
    const wsdls = writeWsdls().map((file) => pathToFileURL(file).href);
    const said = await runTool("java", java(tool, drivers, generator, sources, ...wsdls));
    assert.equal(said.match(/^=== /gm)?.length, wsdls.length);
    assertExplained(said, [{ line: /^=== .*\.wsdl$/, reason: "our own mark before each WSDL" }]);
  });
}

async function compile(tool: OptionalTool, drivers: string, className: string): Promise<void> {
  const source = join(JAVA_SOURCES, `${className}.java`);
  await runTool("javac", ["-d", drivers, "-cp", commandOf(tool), source]);
}

/** What came of each payload, sent by the JAX-WS reference implementation, which demands addressing in every reply. */
async function call(url: string, version: SoapVersion, lines: readonly string[]): Promise<readonly string[]> {
  const drivers = join(folder, "addressing");
  await compile(jaxws, drivers, "AddressingCaller");
  const args = java(jaxws, drivers, "AddressingCaller", url, NAMESPACE, service.name);
  const input = lines.map((line) => `${line}\n`).join("");
  const said = await runCommand("java", [...args, soapPort(service, version)], input);
  return [...said.matchAll(/^came: (.*)$/gm)].map(([, came = ""]) => came);
}

for (const version of SOAP_VERSIONS) {
  test(
    `jaxws: replies and faults of SOAP ${version} are addressed as it demands`,
    { skip: skipWithout(jaxws) },
    async () => {
      const evaluate = (): Struct => {
        const result = newStruct();
        result["decision"] = "approve";
        return result;
      };
      await using server = await startHarness({ service, version, evaluate });
      for (const query of ["wsdl", "wsdl&policy"]) {
        const url = `http://127.0.0.1:${server.port}${server.path}?${query}`;
        const came = await call(url, version, [payload(), payload("<unknown/>")]);
        assert.deepEqual(came, ["approve", "fault invalid_input"], query);
      }
    },
  );
}

test("jaxws: refuses a reply without addressing", { skip: skipWithout(jaxws) }, async () => {
  let wsdl = "";
  const answer = `<EvaluateResponse xmlns="${NAMESPACE}"><result><decision>approve</decision></result></EvaluateResponse>`;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "Content-Type": "text/xml; charset=utf-8" });
      response.end(request.method === "GET" ? wsdl : envelope(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/?wsdl`;
  wsdl = generateWsdl(service, url);
  try {
    assert.deepEqual(await call(url, "1.1", [payload()]), ["refused"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
