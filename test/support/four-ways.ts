/** One sample, five ways to its answer: bare Python, `run`, SOAP, gRPC and JSON. They must agree value for value. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { jsonPath } from "../../src/contract/json-path.js";
import { connectGrpc } from "./grpc-client.js";
import { withoutNulls, type Json } from "./json-of-type.js";
import { repository, serveExample } from "./served-example.js";
import { postSoap, soapRequest, soapResult } from "./soap-client.js";

const execute = promisify(execFile);

/** Registers one test that drives every sample of an example all these ways. */
export function testFourWays(example: string, python: string): void {
  const folder = repository(`examples/${example}`);
  const artifact = join(folder, "artifact");
  const samples = readdirSync(join(folder, "samples"))
    .filter((name) => /^[^.]+\.json$/.test(name))
    .map((name) => name.replace(/\.json$/, ""));

  test(`${example}: bare Python, run, SOAP, gRPC and JSON agree on every sample`, async (context) => {
    assert.ok(samples.length > 0);
    const { gateway, service, base, address } = await serveExample(artifact, { python });
    context.after(() => gateway.stop());
    const grpc = connectGrpc(address, service);
    context.after(() => grpc.close());
    for (const sample of samples) {
      await context.test(sample, async () => {
        const file = join(folder, "samples", `${sample}.json`);
        const inputs = JSON.parse(readFileSync(file, "utf8")) as Json;
        const expected = readFileSync(join(folder, "samples", `${sample}.expected.json`), "utf8");

        const bare = await execute(python, [
          repository("examples/check_samples.py"),
          "--json",
          artifact,
          file,
        ]);
        const answer = parse(bare.stdout);
        assert.deepEqual(answer, parse(expected), "bare Python");

        const cli = repository("dist/src/cli/main.js");
        const ran = await execute(process.execPath, [
          cli,
          "run",
          artifact,
          "--input",
          file,
          "--python",
          python,
        ]);
        assert.deepEqual(parse(ran.stdout), answer, "run");

        const { status, text } = await postSoap(base, service, soapRequest(service, inputs));
        assert.equal(status, 200, text);
        assert.deepEqual(soapResult(service, text), answer, "SOAP");

        assert.deepEqual(await grpc.evaluate(inputs), answer, "gRPC");

        const json = await fetch(`${base}${jsonPath(service)}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: readFileSync(file),
        });
        const [{ source }] = service.operation.response.fields;
        const replied = (await json.json()) as Record<string, Json>;
        assert.equal(json.status, 200, JSON.stringify(replied));
        assert.deepEqual(replied, { [source]: answer }, "JSON");
      });
    }
  });
}

function parse(text: string): Json {
  return withoutNulls(JSON.parse(text) as Json);
}
