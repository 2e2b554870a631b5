/**
 * `refusal/<protocol>/<case>`: processor time until a request of a megabyte is refused, through the fronts, codecs and
 * checks as they are in the gateway. Sent by the load generator, so that only this side is measured.
 */
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { sampleService } from "../../test/support/sample-service.js";
import { startLoadGenerator } from "../load/generator.js";
import type { Target } from "../load/connection.js";
import { serviceFullName } from "../../src/grpc/service-definition.js";
import { grpcCases } from "../refusals/grpc-cases.js";
import { startRefusingServer, unlimited, type RefusingServer } from "../refusals/refusing-server.js";
import { soapCases, soapHeaders, type RefusalCase } from "../refusals/soap-cases.js";
import type { Finding, Scenario } from "./scenario.js";

const SERVICE = unlimited(sampleService());
const BYTES = 1_000_000;
const WARM_UP_MS = 300;
const DURATION_MS = 1000;
const TIMEOUT_MS = 30_000;

const PROTOCOLS = {
  soap: {
    cases: soapCases(SERVICE),
    target: ({ soapPort }: RefusingServer) => ({
      port: soapPort,
      path: soapVersionPath(SERVICE, "1.1"),
      headers: soapHeaders(SERVICE),
    }),
  },
  grpc: {
    cases: grpcCases(),
    target: ({ grpcPort }: RefusingServer) => ({
      port: grpcPort,
      path: `/${serviceFullName(SERVICE)}/${SERVICE.operation.name}`,
      headers: [],
    }),
  },
} as const;

export const REFUSAL: readonly Scenario[] = (["soap", "grpc"] as const).flatMap((protocol) =>
  PROTOCOLS[protocol].cases.map((one) => ({
    name: `refusal/${protocol}/${one.name.replaceAll(/[ ,]+/g, "-")}`,
    kind: "refusal" as const,
    run: () => measureRefusal(protocol, one),
  })),
);

async function measureRefusal(protocol: keyof typeof PROTOCOLS, { request }: RefusalCase): Promise<Finding> {
  const payload = request(BYTES);
  const server = await startRefusingServer(SERVICE);
  const generator = startLoadGenerator();
  try {
    const target: Target = {
      protocol,
      payload,
      timeoutMs: TIMEOUT_MS,
      ...PROTOCOLS[protocol].target(server),
    };
    // Every answer is a failure to the generator, which is what is wanted here.
    const load = { target, expected: Buffer.of(), connections: 1, streams: 1 };
    await generator.run({ ...load, durationMs: WARM_UP_MS });
    server.takeEnds();
    const before = process.cpuUsage();
    await generator.run({ ...load, durationMs: DURATION_MS });
    const { user, system } = process.cpuUsage(before);
    const ends = server.takeEnds();
    const refused = ends.filter(
      (code) => code === "invalid_input" || code === "too_large" || code === "not_found",
    );
    return {
      figures: { bytes: payload.length, calls: ends.length, "CPU ms": (user + system) / 1000 / ends.length },
      failures: ends.length === 0 ? 1 : ends.length - refused.length,
    };
  } finally {
    await generator.stop();
    await server.stop();
  }
}
