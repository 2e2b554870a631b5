/** What follows from a contract's alias, version and messages, wherever these come from: an artifact, a lock, another major. */
import type { Profile, RequestMessage, ResponseMessage, ResultOrigin, Service } from "./model.js";
import { pascalCase } from "./names.js";
import { isPackageWord } from "./reserved-words.js";
import { singleOperation } from "./single-operation.js";

/** The name of the operation that every contract has. */
export const OPERATION = "Evaluate";

export interface ServiceParts {
  readonly alias: string;
  readonly major: number;
  readonly description: string;
  readonly profile: Profile;
  readonly request: RequestMessage;
  readonly response: ResponseMessage;
  readonly resultOrigin: ResultOrigin;
}

export function assembleService(parts: ServiceParts): Service {
  const { alias, major, description, profile, request, response, resultOrigin } = parts;
  const operation = { name: OPERATION, request, response };
  const single = profile === "mainframe" ? singleOperation(operation) : undefined;
  return {
    alias,
    name: `${pascalCase(alias)}Service`,
    ...versionNames(alias, major),
    description,
    profile,
    operation,
    ...(single === undefined ? {} : { single }),
    resultOrigin,
  };
}

/** The same contract as another major: with another namespace and package, so that both can be served. */
export function withMajor(service: Service, major: number): Service {
  return { ...service, ...versionNames(service.alias, major) };
}

function versionNames(alias: string, major: number): Pick<Service, "major" | "namespace" | "protoPackage"> {
  return {
    major,
    namespace: `urn:artifact-gateway:${alias}:v${major}`,
    // A word of Java cannot be a package of it.
    protoPackage: `${isPackageWord(alias) ? `${alias}_service` : alias}.v${major}`,
  };
}
