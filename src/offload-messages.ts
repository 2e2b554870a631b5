/** What the main thread and the threads for large messages say to each other. Plain data that can be cloned. */
import type { MessageHeader } from "./call/message-header.js";
import type { Around, OffloadedProtocol, TensorForm } from "./call/offload.js";
import { GatewayError, type Code, type Violation } from "./errors.js";
import { SoapRefusal } from "./soap/fault/refusals.js";

export type OffloadTask =
  | {
      readonly step: "prepare";
      readonly protocol: OffloadedProtocol;
      readonly service: string;
      readonly body: Uint8Array<ArrayBuffer>;
      readonly contentType: string | undefined;
      readonly action: string;
    }
  | {
      readonly step: "finish";
      readonly protocol: OffloadedProtocol;
      readonly service: string;
      readonly body: Uint8Array<ArrayBuffer>;
      readonly operation: string | undefined;
      readonly around: Around | undefined;
      readonly form: TensorForm | undefined;
    };

export type OffloadResult = (
  | {
      readonly ok: true;
      readonly reply: Uint8Array<ArrayBuffer>;
      readonly rows: number;
      readonly operation: string;
    }
  | { readonly ok: false; readonly error: PortableError }
) & {
  /** Of a request: what its header told, as far as it was read. */
  readonly header: MessageHeader;
};

/** A `GatewayError` without its class, which does not survive the way between threads. */
export interface PortableError {
  readonly code: Code;
  readonly message: string;
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;
  readonly started: boolean;
  /** Of a `SoapRefusal`. */
  readonly soap: Pick<SoapRefusal, "reason" | "headers"> | undefined;
  readonly cause: string | undefined;
}

export function portableError(thrown: unknown): PortableError {
  const error = GatewayError.from(thrown);
  const { code, message, violations, retryAfterMs, started, cause } = error;
  const soap = error instanceof SoapRefusal ? { reason: error.reason, headers: error.headers } : undefined;
  const told = cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined;
  return { code, message, violations, retryAfterMs, started, soap, cause: told };
}

export function errorFrom(portable: PortableError): GatewayError {
  const { code, message, violations, retryAfterMs, started, soap, cause } = portable;
  const told = cause === undefined ? {} : { cause: new Error(cause) };
  if (soap !== undefined) return new SoapRefusal(soap.reason, message, soap.headers, told);
  return new GatewayError(code, message, {
    violations,
    started,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...told,
  });
}
