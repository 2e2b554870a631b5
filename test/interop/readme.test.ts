/** What the READMEs of the examples tell a reader to run, run as it stands there. */
import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { after, before, test } from "node:test";
import { CURL, onOneLine, promisesOf } from "../examples/readme.js";
import { runCommand } from "../support/run-command.js";
import { EXAMPLES, serveExamples, type ServedCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { clientPython, modelPython, grpcurl, curl } = readTools();
let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

for (const example of EXAMPLES) {
  test(`README of ${example}: curl`, { skip: skipWithout(curl) }, async () => {
    for (const { text, answer } of promisesOf(example, served.port, CURL)) {
      assert.equal(onOneLine(await runCommand("sh", ["-c", text])), onOneLine(answer));
    }
  });

  test(`README of ${example}: grpcurl`, { skip: skipWithout(grpcurl) }, async () => {
    const folder = dirname(commandOf(grpcurl));
    const command = { language: "sh", pattern: /^grpcurl /, answerIn: "json" };
    for (const { text, answer } of promisesOf(example, served.port, command)) {
      const output = await runCommand("sh", ["-c", `PATH="${folder}${delimiter}$PATH"\n${text}`]);
      assert.deepEqual(JSON.parse(output), JSON.parse(answer));
    }
  });

  test(`README of ${example}: buf curl`, async () => {
    const command = { language: "sh", pattern: /^npx buf curl /, answerIn: "json" };
    for (const { text, answer } of promisesOf(example, served.port, command)) {
      assert.deepEqual(JSON.parse(await runCommand("sh", ["-c", text])), JSON.parse(answer));
    }
  });

  test(`README of ${example}: Python, with zeep and with grpcio`, async () => {
    const program = { language: "python", pattern: /^/, answerIn: "text" };
    const promises = promisesOf(example, served.port, program);
    for (const { text, answer } of promises) {
      assert.equal(await runCommand(clientPython, ["-"], text), answer);
    }
    for (const library of ["zeep", "grpc_reflection"]) {
      assert.ok(
        promises.some(({ text }) => text.includes(library)),
        library,
      );
    }
  });
}
