/** One address in front of several gateways, one after the other: as the Service of a platform leads to who is ready. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";

export interface Address {
  readonly port: number;
  /** From now on new connections lead to another port; those that are open stay where they are. */
  lead(to: number): void;
  close(): void;
}

/** @param first the port that connections lead to at first */
export async function addressOf(first: number): Promise<Address> {
  let port = first;
  const server = createServer((caller) => {
    const gateway = connect(port, "127.0.0.1");
    caller.pipe(gateway).pipe(caller);
    caller.on("error", () => gateway.destroy());
    gateway.on("error", () => caller.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    lead(to) {
      port = to;
    },
    close: () => void server.close(),
  };
}
