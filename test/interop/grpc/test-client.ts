/** Everything that is asked of a gRPC client: one table for all of them. */
import { testDeadlines } from "./deadline-suite.js";
import { testErrors } from "./error-suite.js";
import { describeClient, type GrpcClient } from "./grpc-client.js";
import { startPings } from "./ping-test.js";
import { testSecurity } from "./security-suite.js";
import { testTransport } from "./transport-suite.js";
import { testValues } from "./value-suite.js";

export function testClient(client: GrpcClient): void {
  describeClient(client, (running) => {
    const testPings = startPings(running);
    testValues(running);
    testErrors(running);
    testDeadlines(running);
    testTransport(running);
    testSecurity(client, running);
    testPings();
  });
}
