/** Apache CXF, generated from the WSDL that is served. */
import { testFaults } from "./fault-suite.js";
import { testHttp } from "./http-suite.js";
import { cxf } from "./java-clients.js";
import { testValues } from "./value-suite.js";

for (const version of ["1.1", "1.2"] as const) {
  testValues(cxf(version));
  testFaults(cxf(version));
}
const GZIP = { "content-encoding": "gzip" };
testHttp(cxf("1.1"), {
  "packed requests and replies": { settings: { gzip: true }, request: GZIP, reply: GZIP },
  "requests in chunks": {
    settings: { chunked: true },
    request: { "transfer-encoding": "chunked" },
    reply: {},
  },
});
