/** zeep, which knows nothing but the WSDL that is served. */
import { testFaults } from "./fault-suite.js";
import { testHttp } from "./http-suite.js";
import { zeep } from "./script-clients.js";
import { testValues } from "./value-suite.js";

for (const version of ["1.1", "1.2"] as const) {
  testValues(zeep(version));
  testFaults(zeep(version));
}
testHttp(zeep("1.1"), {
  "packed replies, which it asks for by itself": {
    settings: {},
    request: {},
    reply: { "content-encoding": "gzip" },
  },
});
