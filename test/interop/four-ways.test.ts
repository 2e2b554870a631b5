/** The example that needs libraries, bare and by `run` as well: `npm test` has no Python for it. */
import { testFourWays } from "../support/four-ways.js";
import { readTools } from "./tools.js";

testFourWays("default_risk", readTools().modelPython);
