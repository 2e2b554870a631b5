/** Our own HTTP/2 connections: calls are answered at once, other gRPC is forwarded to grpc-js, and what is none goes elsewhere. */
import type { Duplex } from "node:stream";
import type { BodyBudget } from "../body-budget.js";
import { callerOf, type Caller } from "../caller-of.js";
import { acceptHttp2, type Http2Connection } from "../http2/accept-http2.js";
import { fieldValue } from "../http2/field.js";
import type { Http2Limits } from "../http2/http2-limits.js";
import type { Limits } from "../limits.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import { isGrpc, isPlainCall } from "./call-framing.js";
import type { ScoringOptions } from "./evaluate-stream.js";
import type { Evaluator } from "./evaluate.js";
import { createForwarder } from "./forward-stream.js";
import { answerStream } from "./scoring-stream.js";
import { answerUnary } from "./unary-stream.js";

/** Answers one stream. The response is complete, or the stream reset, whatever happens. @param caller address of the peer */
export type StreamTaker = (stream: ServerStream, caller: Caller) => StreamReceiver;

export interface ShortRoadOptions {
  /** The evaluator of each unary method, by its path. */
  readonly unary: ReadonlyMap<string, Evaluator>;
  /** What answers each stream of calls, by its path. */
  readonly scoring: ReadonlyMap<string, ScoringOptions>;
  readonly limits: Limits;
  /** What all requests that are arriving may hold together. */
  readonly bodies: BodyBudget;
  /** Takes the server's end of a connection that carries forwarded streams. */
  readonly forwardTo: (socket: Duplex, caller: Caller) => void;
  /** Takes the streams that are no gRPC. Absent: they are refused. */
  readonly onOther: StreamTaker | undefined;
  readonly http2: Partial<Http2Limits>;
  readonly onDefect: (error: unknown) => void;
}

export interface ShortRoad {
  accept(socket: Duplex): void;
  /**
   * Tells every caller to go elsewhere and lets the calls in progress finish; cuts off what is left after `graceMs`
   * milliseconds. @returns whether everything ended by itself
   */
  drain(graceMs: number): Promise<boolean>;
}

export function createShortRoad(road: ShortRoadOptions): ShortRoad {
  const { unary, scoring, limits, bodies, forwardTo, onOther, http2, onDefect } = road;
  const connections = new Set<Http2Connection>();
  const options = { limits: http2, onDefect };
  return {
    accept(socket) {
      const caller = callerOf(socket);
      const forwarder = createForwarder((theirs) => forwardTo(theirs, caller), bodies);
      const connection = acceptHttp2(socket, options, (stream) => {
        if (!isPlainCall(stream.fields)) {
          // grpc-js refuses what is no gRPC, too: with 415.
          if (onOther === undefined || isGrpc(stream.fields)) return forwarder.forward(stream);
          return onOther(stream, caller);
        }
        const path = fieldValue(stream.fields, ":path") ?? "";
        const evaluator = unary.get(path);
        if (evaluator !== undefined) return answerUnary(stream, { evaluator, limits, bodies, caller });
        const calls = scoring.get(path);
        return calls === undefined ? forwarder.forward(stream) : answerStream(stream, calls, caller);
      });
      connections.add(connection);
      void connection.closed.then(() => {
        connections.delete(connection);
        forwarder.close();
      });
    },
    async drain(graceMs) {
      let inTime = true;
      const timer = setTimeout(() => {
        inTime = connections.size === 0;
        for (const connection of connections) connection.cutOff();
      }, graceMs);
      for (const connection of connections) connection.drain();
      await Promise.all([...connections].map(({ closed }) => closed));
      clearTimeout(timer);
      return inTime;
    },
  };
}
