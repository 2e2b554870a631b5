/** The reference implementation of JAX-WS, generated from the WSDL that is served. */
import { testFaults } from "./fault-suite.js";
import { testHttp } from "./http-suite.js";
import { jaxws } from "./java-clients.js";
import { testValues } from "./value-suite.js";

for (const version of ["1.1", "1.2"] as const) {
  testValues(jaxws(version));
  testFaults(jaxws(version));
}
testHttp(jaxws("1.1"), { "requests as it sends them": { settings: {}, request: {}, reply: {} } });
