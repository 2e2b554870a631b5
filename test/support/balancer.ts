/** What stands between callers and gateways: it knows who is ready, and nothing of what they say. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface Balancer {
  readonly port: number;
  /** Where new connections go, in turn. */
  targets: readonly string[];
}

/** Forwards each connection to one of its targets, byte for byte; without one, and when it does not answer, it is closed. */
export async function startBalancer(context: TestContext, targets: readonly string[]): Promise<Balancer> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const target = balancer.targets[(count += 1) % balancer.targets.length];
    if (target === undefined) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.split(":")[1]), "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.pipe(to);
      from.on("close", () => to.destroySoon());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const balancer: Balancer = { port: (server.address() as AddressInfo).port, targets };
  return balancer;
}
