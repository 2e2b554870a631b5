/** The gRPC service config of a service: what its callers' libraries do by themselves (grpc.io, service_config.proto). */
import type { Service } from "../contract/model.js";
import { protoPath } from "./generate-proto.js";
import { standardMethods } from "./standard-methods.js";

/** How long a caller waits when its program says nothing: the gateway's own default. */
const TIMEOUT = "30s";

/**
 * Only for what has not begun: UNAVAILABLE is what the gateway says then, and a library when it reached nobody. Where the
 * gateway says how long to wait (`grpc-retry-pushback-ms`), that counts instead of the backoff.
 */
const RETRY_POLICY = {
  maxAttempts: 4,
  initialBackoff: "0.1s",
  maxBackoff: "2s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};

/** Retries stop while more than about one call in ten fails: they would only add to the load. */
const RETRY_THROTTLING = { maxTokens: 10, tokenRatio: 0.1 };

/** `proto/credit_decision/v1/credit_decision.service-config.json` */
export function serviceConfigPath(service: Service): string {
  return `proto/${protoPath(service).replace(/\.proto$/, ".service-config.json")}`;
}

/**
 * Unary methods may be retried, for they change nothing. A stream is not: it can go on where it stopped, and only its
 * program can do that. Nothing is hedged: a second run beside the first would double the load.
 */
export function generateServiceConfig(service: Service): string {
  const methods = [
    { name: service.operation.name, streams: false },
    ...standardMethods(service).map(({ method }) => method),
  ];
  const name = methods
    .filter(({ streams }) => !streams)
    .map((method) => ({ service: `${service.protoPackage}.${service.name}`, method: method.name }));
  const config = {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [{ name, timeout: TIMEOUT, retryPolicy: RETRY_POLICY }],
    retryThrottling: RETRY_THROTTLING,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
