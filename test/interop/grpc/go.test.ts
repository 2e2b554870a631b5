/** grpc-go. */
import { GRPC_GO } from "./clients.js";
import { testClient } from "./test-client.js";

testClient(GRPC_GO);
