/** What a peer must know of a contract to speak the same messages and hand `main()` the same dict. */
import type { Field, FieldType, Service } from "../src/contract/model.js";
import { soapVersionPath } from "../src/contract/soap-names.js";
import { soapPort } from "../src/contract/soap-names.js";
import { protoPath } from "../src/proto/generate-proto.js";
import { resultFields } from "./calls/result-fields.js";

export interface PeerField {
  readonly source: string;
  readonly xmlName: string;
  readonly protoName: string;
  readonly spelledType: string;
  readonly kind: FieldType["kind"];
  /** Of a decimal with facets. */
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
}

export interface PeerTable extends Pick<PeerField, "source" | "xmlName" | "protoName"> {
  /** Type of one row, in the schema and in the proto. */
  readonly rowType: string;
  readonly columns: readonly PeerField[];
}

/** Written as JSON for `bench/peers/common.py`. */
export interface PeerInterface {
  readonly namespace: string;
  readonly soapPath: string;
  /** In the WSDL of SOAP 1.1, which lies beside the interface as `service.wsdl`. */
  readonly soapService: string;
  readonly soapPort: string;
  readonly operation: string;
  /** The Python module that protoc makes of the generated proto. */
  readonly protoModule: string;
  readonly protoService: string;
  readonly requestMessage: string;
  readonly responseMessage: string;
  readonly resultType: string;
  readonly tables: readonly PeerTable[];
  /** The scalars of the record that is answered: an artifact that answers more is for the gateway alone. */
  readonly result: readonly PeerField[];
}

/** @throws TypeError for a contract that the peers cannot speak: see `Workload.artifact` */
export function peerInterface(service: Service): PeerInterface {
  const { operation, namespace, protoPackage, name } = service;
  const [result] = operation.response.fields;
  return {
    namespace,
    soapPath: soapVersionPath(service, "1.1"),
    soapService: name,
    soapPort: soapPort(service, "1.1"),
    operation: operation.name,
    protoModule: `${protoPath(service)
      .replace(/\.proto$/, "")
      .replaceAll("/", ".")}_pb2`,
    protoService: `${protoPackage}.${name}`,
    requestMessage: operation.request.name,
    responseMessage: operation.response.name,
    resultType: recordOf(result).name,
    tables: operation.request.fields.map((field) => {
      const { source, xmlName, protoName, type } = field;
      const row = type.kind === "array" ? recordOf({ ...field, type: type.items }) : unfit(field);
      return { source, xmlName, protoName, rowType: row.name, columns: row.fields.map(scalarField) };
    }),
    result: resultFields(service).map(scalarField),
  };
}

function recordOf(field: Pick<Field, "source" | "type">): { name: string; fields: readonly Field[] } {
  return field.type.kind === "struct" ? field.type.message : unfit(field);
}

function scalarField(field: Field): PeerField {
  const { source, xmlName, protoName, spelledType, type } = field;
  const names = { source, xmlName, protoName, spelledType, kind: type.kind };
  switch (type.kind) {
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return unfit(field);
    case "decimal":
      return { ...names, ...type };
    default:
      return names;
  }
}

function unfit({ source, type }: Pick<Field, "source" | "type">): never {
  throw new TypeError(`The peers cannot take ${source}, which is of the type ${type.kind}.`);
}
