/** One service as the application port serves it. */
import type { ContractFile } from "../contract-files.js";
import type { Service } from "../contract/model.js";
import type { JsonEndpoint } from "../json/server.js";
import type { SoapEndpoint } from "../soap/server.js";

export interface Mounted {
  readonly service: Service;
  /** One for each version of SOAP. */
  readonly soap: readonly SoapEndpoint[];
  readonly json: JsonEndpoint;
  /** The OpenAPI document, with the address of this deployment. */
  readonly openapi: string;
  readonly files: readonly ContractFile[];
}
