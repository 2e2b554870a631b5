import type { Service } from "./model.js";

/** Where a service answers JSON: `/v1/credit_decision:evaluate`. */
export function jsonPath({ alias, major }: Pick<Service, "alias" | "major">): string {
  return `/v${major}/${alias}:evaluate`;
}

/** Where the description of that endpoint is, with the address of this deployment: `/v1/credit_decision/openapi.json`. */
export function openapiPath({ alias, major }: Pick<Service, "alias" | "major">): string {
  return `/v${major}/${alias}/openapi.json`;
}
