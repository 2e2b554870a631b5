/** The management port: whether the process lives and whether it may be given work. For the platform only. */
import { createServer, type Server } from "node:http";

export interface ServiceReadiness {
  readonly service: string;
  readonly ready: boolean;
  /** Processes that have loaded the artifact, and how many there should be. */
  readonly processes: string;
  /** The state of each worker and of the circuit, and why the last process could not be started. */
  readonly workers: readonly string[];
  readonly circuit: string;
  readonly lastFailure?: { readonly reason: string; readonly detail: string; readonly traceback: string };
}

export interface Readiness {
  readonly draining: boolean;
  readonly services: readonly ServiceReadiness[];
}

/** `/livez` answers 200 as long as the event loop turns, `/readyz` 200 only when every service can answer now. */
export function createManagementServer(readiness: () => Readiness): Server {
  return createServer({ keepAliveTimeout: 5000 }, (request, response) => {
    const path = request.url?.split("?")[0];
    const method = request.method ?? "";
    const reply = (status: number, body: object): void => {
      const text = `${JSON.stringify(body)}\n`;
      response.writeHead(status, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
        "Cache-Control": "no-store",
      });
      response.end(method === "HEAD" ? undefined : text);
    };
    request.resume();
    if (path !== "/livez" && path !== "/readyz") {
      reply(404, { error: "Only /livez and /readyz are answered on this port." });
    } else if (method !== "GET" && method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      reply(405, { error: "Only GET and HEAD are answered." });
    } else if (path === "/livez") {
      reply(200, { status: "live" });
    } else {
      const { draining, services } = readiness();
      const ready = !draining && services.every((service) => service.ready);
      const status = draining ? "draining" : ready ? "ready" : "not ready";
      reply(ready ? 200 : 503, { status, services });
    }
  });
}
