/** WS-Security and WS-Addressing of Apache CXF, with WSS4J. */
import { cxf } from "./java-clients.js";
import { testSecurity } from "./security-suite.js";

for (const version of ["1.1", "1.2"] as const) testSecurity(cxf(version));
