/** Apache CXF, generated from the WSDL that is served. */
import { testFaults } from "./fault-suite.js";
import { testHttp } from "./http-suite.js";
import { cxf } from "./java-clients.js";
import { testValues } from "./value-suite.js";

for (const version of ["1.1", "1.2"] as const) {
  testValues(cxf(version));
  testFaults(cxf(version));
}
testHttp(cxf("1.1"), {
  "requests in chunks": {
    settings: { chunked: true },
    request: { "transfer-encoding": "chunked" },
    reply: {},
  },
});
