/** grpc-java. */
import { GRPC_JAVA } from "./clients.js";
import { testClient } from "./test-client.js";

testClient(GRPC_JAVA);
