/** `serve`: runs the gateway until a signal, says once what it serves, and leaves nothing behind. */
import { setFlagsFromString } from "node:v8";
import { loadConfig, type Config, type Flags } from "../config.js";
import { contractAll, readLocks, variantIn } from "../contracted.js";
import { jsonPath } from "../contract/json-path.js";
import { soapVersionPath } from "../contract/soap-names.js";
import { startGateway, type Gateway, type GatewayTls } from "../gateway.js";
import { createLog, createLogObserver, type Log } from "../ops/logger.js";
import { showProgress } from "./progress.js";
import { listenForStop } from "./signals.js";
import { formatTable } from "./table.js";
import { openAll } from "./with-artifact.js";

/**
 * How far the heap may grow beyond what is alive before all of it is collected. V8 would let it become three or four times as
 * large, which saves a collection of some ten milliseconds now and then, and costs a hundred megabytes under a steady load.
 */
const COLLECT_AT_TWICE = "--heap-growing-percent=100";

interface ServeFlags extends Flags {
  readonly config?: string;
  readonly printConfig?: boolean;
}

export async function serve(
  paths: string[],
  { config: configFile, printConfig, ...flags }: ServeFlags,
): Promise<void> {
  const config = loadConfig(flags, configFile);
  if (printConfig === true) {
    process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
    return;
  }
  setFlagsFromString(COLLECT_AT_TWICE);
  const log = createLog({ level: config.logLevel });
  const locks = readLocks(config);
  const all = await openAll(paths, variantIn(locks));
  try {
    const contracted = contractAll(
      all.map(({ artifact }) => artifact),
      locks,
      config.frozen,
    );
    const gateway = await startGateway(contracted, config, createLogObserver(log));
    // Synchronous, because nothing else runs in the handler of the process's own exit.
    const killAll = (): void => gateway.killAll();
    const signals = listenForStop(killAll);
    process.on("exit", killAll);
    // Only where it means something: otherwise the signal ends the process, as ever.
    const reload = (): void => void gateway.tls?.reload();
    if (gateway.tls !== undefined) process.on("SIGHUP", reload);
    try {
      await runUntil(signals.first, gateway, config, log);
    } finally {
      await gateway.stop();
      process.off("exit", killAll);
      process.off("SIGHUP", reload);
      signals.ignore();
    }
    log.info({}, "stopped");
  } finally {
    await Promise.all(all.map(({ opened }) => opened.close()));
    await log.close();
  }
}

/** @throws Refusal `artifact` when an artifact cannot be loaded */
async function runUntil(
  signal: Promise<NodeJS.Signals>,
  gateway: Gateway,
  config: Config,
  log: Log,
): Promise<void> {
  const done = showProgress(
    `starting ${config.processes + config.spareProcesses} Python processes for each artifact`,
  );
  const came = await Promise.race([signal, gateway.started]);
  done();
  if (came === undefined) {
    for (const { artifact, service, beyondLock } of gateway.served) {
      if (beyondLock > 0) log.warn({ service: service.alias, changes: beyondLock }, BEYOND_LOCK);
      const { alias: artifactAlias, digest, metadata, inputs } = artifact;
      log.info(
        {
          service: service.alias,
          artifact: artifactAlias,
          version: metadata.version,
          digest,
          inputInfo: inputs.variant?.codes.join(", "),
        },
        "serving",
      );
    }
    log.info({ page: config.page }, "page");
    process.stderr.write(`${summary(gateway, config)}\n`);
    log.info({ signal: await signal }, "draining");
  }
}

const BEYOND_LOCK =
  "the artifact has more than its contract lock promises; `lock --previous` would promise it";

const CLIENT_AUTH = {
  none: "",
  optional: ", client certificate optional",
  required: ", client certificate required",
} as const satisfies Record<GatewayTls["clientAuth"], string>;

function summary({ served, addresses, publicUrl, tls }: Gateway, { page }: Config): string {
  const security = tls === undefined ? "" : ` (TLS${CLIENT_AUTH[tls.clientAuth]})`;
  const rows = served.flatMap(({ service }) => [
    [`${service.alias} v${service.major}`, "SOAP 1.1", `${publicUrl}${soapVersionPath(service, "1.1")}?wsdl`],
    ["", "SOAP 1.2", `${publicUrl}${soapVersionPath(service, "1.2")}?wsdl`],
    [
      "",
      "gRPC",
      `${addresses.grpc}${security}  ${service.protoPackage}.${service.name}/${service.operation.name}`,
    ],
    ["", "JSON", `${publicUrl}${jsonPath(service)}`],
  ]);
  return formatTable([
    ...rows,
    ["page", page, `${publicUrl}/`],
    ["management", "HTTP", `http://${addresses.management}/readyz`],
  ]);
}
