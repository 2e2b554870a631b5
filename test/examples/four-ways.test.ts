import { after, before } from "node:test";
import { testFourWays } from "../support/four-ways.js";
import { startLocalLlm } from "../support/local-llm.js";
import { PYTHON } from "../support/pool-harness.js";

// The processes of the gateway, of `run` and of the oracle all inherit its address and key.
let stopLlm: () => void;
before(async () => {
  stopLlm = await startLocalLlm();
});
after(() => stopLlm());

testFourWays("credit_decision", PYTHON);
testFourWays("card_assistant", PYTHON);
