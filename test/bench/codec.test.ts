import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import {
  completeReaderCodec,
  gatewayCodec,
  libxml2Codec,
  soapPackageCodec,
} from "../../bench/scenarios/codec-contenders.js";
import { codecMessages } from "../../bench/scenarios/codec-messages.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

test("everybody who is measured reads the same request and does what the report says", async () => {
  const messages = await codecMessages(ROOT, "python3", 3);
  for (const codec of [
    await gatewayCodec(messages),
    await completeReaderCodec(messages),
    await soapPackageCodec(messages),
    libxml2Codec(messages),
  ]) {
    codec();
  }
  const wrong = messages.payload.toString().replace(/(<v1:number1>)\d+/, "$1x");
  assert.throws(libxml2Codec({ ...messages, payload: Buffer.from(wrong) }), /number1/);
  const request = Buffer.from(messages.request.toString().replace(/(<v1:number1>)\d+/, "$1x"));
  await assert.rejects(gatewayCodec({ ...messages, request }), { code: "invalid_input" });
  await assert.rejects(gatewayCodec({ ...messages, inputs: {} }), /something else than was sent/);
});
