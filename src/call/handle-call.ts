/** The middle of every request: admit, decode, check, dispatch, check, encode, and one report of how it went. */
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { CallRecord, Observer } from "../observe.js";
import type { Admission } from "./admission.js";
import type { CallContext, CallHandler, Codec, Prepared, Sized } from "./call.js";
import type { Dispatched, Dispatcher } from "./dispatcher.js";
import { DEFAULT_URGENCY } from "./flow.js";
import type { Turns } from "./turns.js";
import { compileTwoEnds } from "./two-ends.js";

export interface CallPath {
  readonly service: Service;
  readonly admit: Admission;
  /** Shared by everything that works on messages in this thread. */
  readonly turns: Turns;
  readonly dispatcher: Dispatcher;
  readonly limits: Limits;
  /** Whether callers may say that their calls are urgent. That they are not they may always say. */
  readonly trustUrgency: boolean;
  readonly observer: Observer;
}

/** Messages from this size on are decoded and encoded elsewhere, where that is offered: bytes, about 5 ms of work. */
const LARGE_BYTES = 128 * 1024;

/** The handler that every protocol calls for the operation of one service. */
export function createCallHandler(path: CallPath): CallHandler {
  const { service, admit, turns, dispatcher, limits, observer } = path;
  const { operation } = service;
  const ends = compileTwoEnds(service, limits);

  const prepare = (bytesIn: number, codec: Codec<Sized>): Prepared | Promise<Prepared> => {
    if (codec.elsewhere !== undefined && bytesIn >= LARGE_BYTES) return codec.elsewhere.prepare();
    return inTurn(bytesIn, () => {
      const inputs = codec.decode();
      return inputs instanceof Promise ? inputs.then((proved) => ends.prepare(proved)) : ends.prepare(inputs);
    });
  };
  const finish = <Reply extends Sized>(result: Uint8Array, codec: Codec<Reply>): Reply | Promise<Reply> => {
    const { elsewhere } = codec;
    if (elsewhere !== undefined && result.length >= LARGE_BYTES) return elsewhere.finish(result);
    return inTurn(result.length, () => codec.encode(ends.finish(result)));
  };
  const inTurn = <T>(bytes: number, work: () => T | Promise<T>): T | Promise<T> =>
    turns(bytes)?.then(work) ?? work();

  return async (context, codec) => {
    const began = performance.now();
    let dispatched: Dispatched | undefined;
    const report = (code: CallRecord["code"], bytesOut: number, error?: GatewayError): void => {
      observer.callFinished({
        requestId: context.requestId,
        service: service.alias,
        operation: codec.operation?.() ?? operation.name,
        protocol: context.protocol,
        caller: codec.provedCaller?.(),
        code,
        durationMs: performance.now() - began,
        queuedMs: dispatched?.queuedMs,
        runMs: dispatched?.runMs,
        bytesIn: context.bytesIn,
        bytesOut,
        worker: dispatched?.worker,
        error,
      });
    };
    try {
      const flow = path.trustUrgency ? context : withoutHaste(context);
      const permit = admit(flow);
      try {
        const { inputs, rows } = await prepare(context.bytesIn, codec);
        const { requestId, deadlineAt, signal, caller, urgency } = flow;
        const toDispatch = { requestId, deadlineAt, signal, caller, urgency, rows };
        dispatched = await dispatcher.dispatch(inputs, toDispatch);
        permit.answered(dispatched.runMs, dispatched.result.length);
        const reply = await finish(dispatched.result, codec);
        if (reply.length > limits.maxMessageBytes) throw tooLarge(limits.maxMessageBytes);
        report("ok", reply.length);
        return reply;
      } finally {
        permit.release();
      }
    } catch (thrown) {
      // Whatever goes wrong with an answer goes wrong after main() has run, a defect of ours too.
      const error =
        dispatched === undefined ? GatewayError.from(thrown) : GatewayError.from(thrown).afterStart();
      report(error.code, 0, error);
      // A refusal comes at once. Node keeps books of every promise that is rejected before somebody listens to it, and they
      // cost more than the rest of throwing.
      await Promise.resolve();
      throw error;
    }
  };
}

/** The same call, in no more hurry than one that says nothing. */
function withoutHaste(context: CallContext): CallContext {
  const { urgency } = context;
  return urgency === undefined || urgency >= DEFAULT_URGENCY ? context : { ...context, urgency: undefined };
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError("output_invalid", `The result is larger than ${maxBytes} bytes.`, {
    started: true,
  });
}
