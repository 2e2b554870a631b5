/** What the dataset format asks of callers: one row in every table, where `main()` takes no other number. */
import type { MainOptions } from "./main-options.js";
import type { RequestField, RequestMessage, Service } from "./model.js";

/** The same contract; with the format `row` every table is required and has at most one row. */
export function limitRows(service: Service, { datasetFormat }: Pick<MainOptions, "datasetFormat">): Service {
  if (datasetFormat !== "row") return service;
  const { operation, single } = service;
  return {
    ...service,
    operation: { ...operation, request: limitRequest(operation.request) },
    ...(single === undefined ? {} : { single: { ...single, request: limitRequest(single.request) } }),
  };
}

function limitRequest(request: RequestMessage): RequestMessage {
  return { ...request, fields: request.fields.map(limitTable) };
}

function limitTable(field: RequestField): RequestField {
  if (field.role !== "table") return field;
  const { type } = field;
  return { ...field, required: true, type: type.kind === "array" ? { ...type, maxItems: 1 } : type };
}
