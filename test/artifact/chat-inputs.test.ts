import assert from "node:assert/strict";
import { test } from "node:test";
import { addChatInputs, addFunctionInputs, chatOutput, isChat } from "../../src/artifact/chat-inputs.js";
import { normaliseInputInfo, type InputInfo } from "../../src/artifact/input-info.js";
import { readMetadata, type Metadata } from "../../src/artifact/metadata.js";
import type { Problem } from "../../src/errors.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { problemsOf } from "./bundles.js";

const metadataOf = (json: unknown): Metadata =>
  readMetadata(parseStrictJson(Buffer.from(JSON.stringify(json)), "metadata.json")).metadata;

function inputsOf(inputInfo: unknown, metadata: unknown): { inputs: InputInfo; warnings: Problem[] } {
  const warnings: Problem[] = [];
  const known = metadataOf(metadata);
  const listed = addFunctionInputs(normaliseInputInfo(inputInfo), known, warnings);
  return { inputs: addChatInputs(listed, known, warnings), warnings };
}

const aliases = ({ arguments: args }: InputInfo): string[] => args.map(({ alias }) => alias);

test("a chat pipeline is given its three inputs, before its own", () => {
  const { inputs, warnings } = inputsOf(
    { functionInputs: [{ alias: "temperature", inputType: "Numerical" }] },
    {
      pipeline_type: "Chat",
      context_type: "Struct[intent: String]",
    },
  );
  assert.deepEqual(aliases(inputs), ["user_message", "history", "context", "temperature"]);
  const [message, history, context] = inputs.arguments;
  assert.equal(message?.nullable, false);
  assert.deepEqual(history?.default, []);
  assert.equal(history.spelledType, "Array[Struct[role: String, content: String]]");
  assert.equal(context?.spelledType, "Struct[intent: String]");
  assert.deepEqual(context.type, { kind: "struct", fields: [{ name: "intent", type: { kind: "string" } }] });
  assert.equal("default" in context, false);
  assert.equal(warnings.length, 1);
});

test("nothing is added to what lists its message, or is no chat", () => {
  const chat = { pipelineType: "Chat based - OpenAI Spec" };
  assert.ok(isChat(metadataOf(chat)));
  assert.deepEqual(aliases(inputsOf({ user_message: "String" }, chat).inputs), ["user_message"]);
  assert.deepEqual(aliases(inputsOf({ bulk: { user_message: "String" } }, chat).inputs), []);
  assert.deepEqual(aliases(inputsOf({ text: "String" }, { pipeline_type: "FreeForm" }).inputs), ["text"]);
  assert.deepEqual(aliases(inputsOf({ text: "String" }, { pipeline_type: "Chatty" }).inputs), ["text"]);
});

test("an input of the convention that is there stays as it is", () => {
  const { inputs } = inputsOf({ context: "String" }, { pipeline_type: "Chat" });
  assert.deepEqual(aliases(inputs), ["user_message", "history", "context"]);
  assert.equal(inputs.arguments[2]?.spelledType, "String");
});

test("without any inputs the arguments of the metadata count", async () => {
  const metadata = { functionInputs: [{ alias: "text", inputType: "String", isMandatory: true }] };
  const { inputs, warnings } = inputsOf({}, metadata);
  assert.deepEqual(aliases(inputs), ["text"]);
  assert.equal(warnings.length, 1);
  assert.deepEqual(aliases(inputsOf({ other: "String" }, metadata).inputs), ["other"]);
  assert.deepEqual(aliases(inputsOf({}, { functionInputs: "none" }).inputs), []);
  const wrong = { functionInputs: [{ alias: "text", inputType: "Strin" }] };
  const [problem] = await problemsOf(() => inputsOf({}, wrong));
  assert.equal(problem?.where, "metadata.json");
  assert.equal(problem.path, "functionInputs[0].inputType");
});

test("a chat pipeline with a declared context has a declared answer", () => {
  const chat = { pipeline_type: "Chat", context_type: "Map[String, String]" };
  assert.equal(
    chatOutput(metadataOf(chat))?.spelledOutputType,
    "Struct[output: String, context: Map[String, String]]",
  );
  assert.equal(chatOutput(metadataOf({ pipeline_type: "Chat" })), undefined);
  assert.equal(chatOutput(metadataOf({ ...chat, output_type: "String" })), undefined);
  assert.equal(chatOutput(metadataOf({ ...chat, context_type: "Strin" })), undefined);
  assert.equal(chatOutput(metadataOf({ ...chat, context_type: "dict[str, Any]" })), undefined);
  assert.equal(chatOutput(metadataOf({ ...chat, pipeline_type: "FreeForm" })), undefined);
});
