/** The names that the WSDL declares and the SOAP endpoint must use alike. */
import type { FieldType, Service } from "./model.js";

export interface XsdTypeName {
  /** True: of XML Schema itself; false: declared in the service's own namespace. */
  readonly builtIn: boolean;
  readonly name: string;
}

/** The SOAPAction of a service's operation, without quotes: `urn:…:v1:Evaluate`. */
export function soapAction(service: Service): string {
  return `${service.namespace}:${service.operation.name}`;
}

/** The WSDL port that answers SOAP 1.1: `CreditDecisionSoapPort`. */
export function soapPort(service: Service): string {
  return `${service.name.replace(/Service$/, "")}SoapPort`;
}

/** Element and type of the fault detail: `EvaluateFault`. */
export function faultName(service: Service): string {
  return `${service.operation.name}Fault`;
}

/**
 * The XML Schema type of a field. Declared simple types start with a small letter, so that none can meet the
 * PascalCase name of a message, list or map.
 */
export function xsdTypeName(type: FieldType): XsdTypeName {
  switch (type.kind) {
    case "string":
    case "dynamic":
      return { builtIn: true, name: "string" };
    case "boolean":
      return { builtIn: true, name: "boolean" };
    case "double":
      return { builtIn: true, name: "double" };
    case "integer":
      return { builtIn: true, name: "long" };
    case "decimal":
      return type.totalDigits === undefined || type.fractionDigits === undefined
        ? { builtIn: true, name: "decimal" }
        : { builtIn: false, name: `decimal${type.totalDigits}x${type.fractionDigits}` };
    case "datetime":
      return { builtIn: false, name: "timestamp" };
    case "date":
      return { builtIn: false, name: "calendarDate" };
    case "array":
    case "map":
      return { builtIn: false, name: type.name };
    case "struct":
      return { builtIn: false, name: type.message.name };
  }
}
