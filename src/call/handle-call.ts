/** The middle of every request: admit, decode, check, dispatch, check, encode, and one report of how it went. */
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { CallRecord, Observer } from "../observe.js";
import type { Admission } from "./admission.js";
import type { CallContext, CallHandler } from "./call.js";
import type { Dispatched, Dispatcher } from "./dispatcher.js";
import { DEFAULT_URGENCY } from "./flow.js";
import { compileTwoEnds } from "./two-ends.js";

export interface CallPath {
  readonly service: Service;
  readonly admit: Admission;
  readonly dispatcher: Dispatcher;
  readonly limits: Limits;
  /** Whether callers may say that their calls are urgent. That they are not they may always say. */
  readonly trustUrgency: boolean;
  readonly observer: Observer;
}

/** Messages from this size on are decoded and encoded elsewhere, where that is offered: bytes, about 10 ms of work. */
const LARGE_BYTES = 256 * 1024;

/** The handler that every protocol calls for the operation of one service. */
export function createCallHandler(path: CallPath): CallHandler {
  const { service, admit, dispatcher, limits, observer } = path;
  const { operation } = service;
  const ends = compileTwoEnds(service, limits);

  return async (context, codec) => {
    const began = performance.now();
    let dispatched: Dispatched | undefined;
    const report = (code: CallRecord["code"], bytesOut: number, error?: GatewayError): void => {
      observer.callFinished({
        requestId: context.requestId,
        service: service.alias,
        operation: codec.operation?.() ?? operation.name,
        protocol: context.protocol,
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
      const release = admit(flow);
      try {
        const { inputs, rows } =
          codec.elsewhere !== undefined && context.bytesIn >= LARGE_BYTES
            ? await codec.elsewhere.prepare()
            : ends.prepare(codec.decode());
        const { requestId, deadlineAt, signal, caller, urgency } = flow;
        const toDispatch = { requestId, deadlineAt, signal, caller, urgency, rows };
        dispatched = await dispatcher.dispatch(inputs, toDispatch);
      } finally {
        release(dispatched?.runMs);
      }
      const { result } = dispatched;
      const reply =
        codec.elsewhere !== undefined && result.length >= LARGE_BYTES
          ? await codec.elsewhere.finish(result)
          : codec.encode(ends.finish(result));
      if (reply.length > limits.maxMessageBytes) throw tooLarge(limits.maxMessageBytes);
      report("ok", reply.length);
      return reply;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      report(error.code, 0, error);
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
