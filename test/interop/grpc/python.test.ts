/** grpcio, with stubs. */
import { GRPCIO } from "./clients.js";
import { testClient } from "./test-client.js";

testClient(GRPCIO);
