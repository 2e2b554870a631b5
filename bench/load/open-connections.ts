/** The connections of a load, renewed when one is lost. */
import type { Connection, Protocol, Target } from "./connection.js";
import { openGrpcConnection } from "./grpc-connection.js";
import { openHttp1Connection } from "./http1-connection.js";

const OPENERS = {
  soap: openHttp1Connection,
  json: openHttp1Connection,
  grpc: openGrpcConnection,
} as const satisfies Record<Protocol, (target: Target) => Promise<Connection>>;

/** A new connection to the target. @throws Error when nobody accepts it */
export function openConnection(target: Target): Promise<Connection> {
  return OPENERS[target.protocol](target);
}

/** A connection that is opened again when it is needed and no longer there. */
export interface Line {
  /** Hands out the open connection, at once when there is one; `undefined` when it cannot be opened. */
  take(use: (connection: Connection | undefined) => void): void;
  close(): void;
}

/** Opens all of them at once, so that no call is measured in the making of its connection. */
export async function openLines(target: Target, count: number): Promise<readonly Line[]> {
  return Promise.all(Array.from({ length: count }, () => openLine(target)));
}

async function openLine(target: Target): Promise<Line> {
  let current = await tryOpen(target);
  let renewal: Promise<Connection | undefined> | undefined;
  return {
    take(use) {
      if (current?.isOpen() !== false) {
        use(current);
        return;
      }
      // The first call to find it lost renews it for all that share it.
      renewal ??= tryOpen(target).then((connection) => {
        renewal = undefined;
        return (current = connection);
      });
      void renewal.then(use);
    },
    close: () => current?.close(),
  };
}

function tryOpen(target: Target): Promise<Connection | undefined> {
  return openConnection(target).catch(() => undefined);
}
