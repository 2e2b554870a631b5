/** The middle of every request: decode, check, admit, dispatch, check, encode, and one report of how it went. */
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { CallRecord, Observer } from "../observe.js";
import type { Admission } from "./admission.js";
import type { CallHandler } from "./call.js";
import { checkInputs } from "./check-inputs.js";
import { checkResult } from "./check-result.js";
import type { Dispatched, Dispatcher } from "./dispatcher.js";
import { compileInputsEncoder } from "./encode-inputs.js";
import { readResult } from "./read-result.js";

export interface CallPath {
  readonly service: Service;
  readonly admit: Admission;
  readonly dispatcher: Dispatcher;
  readonly limits: Limits;
  readonly observer: Observer;
}

/** The handler that every protocol calls for the operation of one service. */
export function createCallHandler({ service, admit, dispatcher, limits, observer }: CallPath): CallHandler {
  const { operation } = service;
  const [result] = operation.response.fields;
  const encodeInputs = compileInputsEncoder(operation.request);

  return async (context, codec) => {
    const began = performance.now();
    let dispatched: Dispatched | undefined;
    const report = (code: CallRecord["code"], bytesOut: number, error?: GatewayError): void => {
      observer.callFinished({
        requestId: context.requestId,
        service: service.alias,
        operation: operation.name,
        protocol: context.protocol,
        code,
        durationMs: performance.now() - began,
        ...(dispatched === undefined ? {} : timings(dispatched)),
        bytesIn: context.bytesIn,
        bytesOut,
        ...(error === undefined ? {} : { error }),
      });
    };
    try {
      const inputs = encodeInputs(checkInputs(operation.request, codec.decode(), limits.maxViolations));
      if (inputs.length > limits.maxMessageBytes) {
        throw new GatewayError("too_large", `The request is larger than ${limits.maxMessageBytes} bytes.`);
      }
      const release = admit();
      try {
        dispatched = await dispatcher.dispatch(inputs, context);
      } finally {
        release();
      }
      const reply = codec.encode(checkResult(result.type, readResult(dispatched.result)));
      if (reply.length > limits.maxMessageBytes) {
        throw new GatewayError(
          "output_invalid",
          `The result is larger than ${limits.maxMessageBytes} bytes.`,
          {
            started: true,
          },
        );
      }
      report("ok", reply.length);
      return reply;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      report(error.code, 0, error);
      throw error;
    }
  };
}

function timings({ queuedMs, runMs, worker }: Dispatched): Pick<CallRecord, "queuedMs" | "runMs" | "worker"> {
  return { queuedMs, runMs, worker };
}
