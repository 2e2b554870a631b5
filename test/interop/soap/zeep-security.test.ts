/** WS-Security and WS-Addressing of zeep, with xmlsec. */
import { zeep } from "./script-clients.js";
import { testSecurity } from "./security-suite.js";

for (const version of ["1.1", "1.2"] as const) testSecurity(zeep(version));
