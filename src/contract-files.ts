/** The files a caller's developer gets: made from the contract alone, the same bytes every time. */
import { readFileSync } from "node:fs";
import { generateCopybooks } from "./cobol/generate-copybook.js";
import type { Service } from "./contract/model.js";
import { soapVersionPath, type SoapVersion } from "./contract/soap-names.js";
import { generateOpenapi } from "./openapi/generate-openapi.js";
import { buildProtoFile } from "./proto/build-proto-file.js";
import { descriptorSetBytes } from "./proto/descriptor.js";
import { generateProto, protoPath } from "./proto/generate-proto.js";
import { generateServiceConfig, serviceConfigPath } from "./proto/service-config.js";
import { generateSamples } from "./samples/generate-samples.js";
import { generateWsdl } from "./wsdl/generate-wsdl.js";

export interface ContractFile {
  /** Relative, with `/`: `wsdl/credit_decision.v1.wsdl`. */
  readonly path: string;
  /** Text is UTF-8. */
  readonly content: string | Uint8Array;
}

/** The address that generated files carry where no deployment has named its own. */
export const DEFAULT_PUBLIC_URL = "http://localhost:8080";

/** The types that protobuf's own distribution lacks and a caller would have to look for. */
const SHIPPED = /^google\/(?:rpc|type)\//;

/** The files of one service, in a stable order. */
export function contractFiles(service: Service): readonly ContractFile[] {
  const imported = buildProtoFile(service).imports.filter((path) => SHIPPED.test(path));
  const proto = `proto/${protoPath(service)}`;
  return [
    {
      path: `wsdl/${service.alias}.v${service.major}.wsdl`,
      content: generateWsdl(service, soapAddress(DEFAULT_PUBLIC_URL, service)),
    },
    {
      path: `wsdl/${service.alias}.v${service.major}.soap12.wsdl`,
      content: generateWsdl(service, soapAddress(DEFAULT_PUBLIC_URL, service, "1.2"), "1.2"),
    },
    { path: proto, content: generateProto(service) },
    { path: proto.replace(/\.proto$/, ".binpb"), content: descriptorSetBytes(service) },
    { path: serviceConfigPath(service), content: generateServiceConfig(service) },
    // Without the bounds of this profile a record would lack most of its items.
    ...(service.profile === "mainframe" ? generateCopybooks(service) : []),
    ...imported.map((path) => ({ path: `proto/${path}`, content: readStandardProto(path) })),
    {
      path: `openapi/${service.alias}.v${service.major}.json`,
      content: generateOpenapi(service, DEFAULT_PUBLIC_URL),
    },
    ...generateSamples(service),
  ];
}

/** Where callers reach the SOAP endpoint, for the `soap:address` of its WSDL. */
export function soapAddress(publicUrl: string, service: Service, version: SoapVersion = "1.1"): string {
  return publicUrl + soapVersionPath(service, version);
}

/** From the package itself: `proto/` lies beside `dist/`, and beside `src/` it is the same folder. */
function readStandardProto(path: string): string {
  return readFileSync(new URL(`../../proto/${path}`, import.meta.url), "utf8");
}
