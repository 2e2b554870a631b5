/** PHP's SoapClient (libxml2, in C), which knows nothing but the WSDL that is served. */
import { testFaults } from "./fault-suite.js";
import { testHttp } from "./http-suite.js";
import { php } from "./script-clients.js";
import { testValues } from "./value-suite.js";

for (const version of ["1.1", "1.2"] as const) {
  testValues(php(version));
  testFaults(php(version));
}
const GZIP = { "content-encoding": "gzip" };
testHttp(php("1.1"), {
  "requests as it sends them": { settings: {}, request: {}, reply: {} },
  "packed requests and replies": { settings: { gzip: true }, request: GZIP, reply: GZIP },
});
