/** What the gRPC clients call, served by the built command. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { serveCommand, type ServedCommand } from "../serve-command.js";
import { fixtureArguments } from "../soap/served-soap.js";
import { readTools } from "../tools.js";
import type { Channel } from "./client-program.js";

/** The fixtures for which the clients have stubs. */
export const GRPC_FIXTURES = ["anything", "every_value", "single_row", "trouble"] as const;

export type GrpcFixture = (typeof GRPC_FIXTURES)[number];

/** `package.Service/Method`. */
export function methodOf(fixture: GrpcFixture, method = "Evaluate"): string {
  const name = fixture.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${fixture}.v1.${name}Service/${method}`;
}

/**
 * One process for each artifact, none to spare.
 * @param folder where `trouble` meets the test
 */
export function serveFixtures(
  fixtures: readonly GrpcFixture[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<ServedCommand> {
  const args = [...fixtureArguments(fixtures), "--spare-processes", "0", "--python", readTools().modelPython];
  return serveCommand([...args, "--host", "127.0.0.1", ...flags], { TROUBLE_FOLDER: folder, ...environment });
}

export function clearText({ port }: { readonly port: number }): Channel {
  return { target: `127.0.0.1:${port}` };
}

export interface Meeting extends AsyncDisposable {
  /** The next run of `wait` that comes, or has come. @throws AssertionError when the call that is to bring it ends before */
  guestOf(call: { readonly ended: Promise<unknown> }): Promise<Guest>;
  /** How many have come. */
  readonly count: number;
}

/** A `main()` that waits. */
export interface Guest {
  /** Lets it answer. */
  release(): void;
  /** Resolves when it has gone: it has answered, or its process was ended. */
  readonly gone: Promise<void>;
}

/** Where the artifact `trouble` comes to when it is to `wait`. */
export async function openMeeting(folder: string): Promise<Meeting> {
  const sockets = new Set<Socket>();
  const waiting: Guest[] = [];
  const next = async (): Promise<Guest> => {
    for (;;) {
      const guest = waiting.shift();
      if (guest !== undefined) return guest;
      await once(server, "guest");
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).resume();
    const gone = once(socket, "close").then(() => undefined);
    waiting.push({ release: () => void socket.end("x"), gone });
    server.emit("guest");
  });
  server.listen(join(folder, "meeting"));
  await once(server, "listening");
  return {
    guestOf: ({ ended }) =>
      Promise.race([next(), ended.then((outcome) => assert.fail(`it ended: ${JSON.stringify(outcome)}`))]),
    get count() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
