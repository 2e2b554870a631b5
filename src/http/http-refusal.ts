import { GatewayError, type Code, type GatewayErrorOptions } from "../errors.js";

export interface HttpRefusalOptions extends GatewayErrorOptions {
  /** Headers of the reply that say more than its status does. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal for which HTTP has a status of its own: the request was refused before anybody read what it asks for. */
export class HttpRefusal extends GatewayError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    /** RFC 9110, section 15. */
    readonly status: 405 | 406 | 408 | 411 | 413 | 415 | 503,
    code: Code,
    message: string,
    { headers = {}, ...options }: HttpRefusalOptions = {},
  ) {
    super(code, message, options);
    this.headers = headers;
  }
}
