/** Facets for what has none, under the profile `mainframe`: learned from samples, with room to grow, for people to review. */
import { DEFAULT_MAX_ITEMS, DEFAULT_MAX_ROWS } from "../contract/build-types.js";
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import { singleOperation } from "../contract/single-operation.js";
import { joinPath } from "../errors.js";
import { PROPOSERS, type Proposed } from "./facet-sizes.js";
import {
  fieldSlot,
  gatherEvidence,
  innerSlot,
  NO_EVIDENCE,
  typeSlot,
  type Evidence,
  type FacetSample,
} from "./facet-evidence.js";

/** One thing that a person should look at before the lock is promised to callers. */
export interface FacetProposal {
  /** By the artifact's names: `application[].annual_income`. */
  readonly path: string;
  /** `maxLength 32`, `totalDigits 9, fractionDigits 2`; `none` where the samples allow none, and `why` then says what to do. */
  readonly facet: string;
  readonly why: string;
}

export interface ProposedFacets {
  readonly service: Service;
  readonly proposals: readonly FacetProposal[];
}

/**
 * The contract with a facet for every value that has none: texts, numbers and lists. What somebody has stated stays, and only a
 * list of the default length counts as not stated. Pure.
 * @returns under `standard` the same service and no proposals
 */
export function proposeFacets(service: Service, samples: readonly FacetSample[]): ProposedFacets {
  if (service.profile !== "mainframe") return { service, proposals: [] };
  const facets = facetWriter(gatherEvidence(service, samples));
  const { request, response } = service.operation;
  const [result] = response.fields;
  const operation = {
    ...service.operation,
    request: { ...request, fields: request.fields.map((field) => facets.ofField(request, field, "")) },
    response: { ...response, fields: [facets.ofField(response, result, "")] as const },
  };
  // Facets do not decide whether there is one, so it is there when it was.
  const single = singleOperation(operation);
  return {
    service: { ...service, operation, ...(single === undefined ? {} : { single }) },
    proposals: facets.proposals,
  };
}

interface FacetWriter {
  readonly proposals: readonly FacetProposal[];
  ofField<F extends Field>(message: Message, field: F, path: string): F;
}

function facetWriter(evidence: Evidence): FacetWriter {
  const proposals: FacetProposal[] = [];
  // A type that stands in several places is proposed for once, at the first of them.
  const done = new Set<string>();

  const note = (slot: string, path: string, { facet, why }: Proposed<FieldType>): void => {
    if (done.has(slot)) return;
    done.add(slot);
    proposals.push({ path, facet, why });
  };
  const sized = <T extends FieldType>(type: T, slot: string, path: string, propose: Proposer<T>): T => {
    const proposed = propose(type, evidence.get(slot) ?? NO_EVIDENCE);
    if (proposed === undefined) return type;
    note(slot, path, proposed);
    return proposed.type;
  };
  const ofType = (type: FieldType, at: string, path: string): FieldType => {
    const slot = typeSlot(type, at);
    switch (type.kind) {
      case "string":
        return sized(type, slot, path, PROPOSERS.string);
      case "double":
        return sized(type, slot, path, PROPOSERS.double);
      case "integer":
        return sized(type, slot, path, PROPOSERS.integer);
      case "decimal":
        return sized(type, slot, path, PROPOSERS.decimal);
      case "struct":
        return { ...type, message: ofMessage(type.message, path) };
      case "array": {
        const isDefault = type.maxItems === (type.itemName === "row" ? DEFAULT_MAX_ROWS : DEFAULT_MAX_ITEMS);
        const list = isDefault ? sized(type, slot, path, PROPOSERS.array) : type;
        return { ...list, items: ofType(type.items, innerSlot(type.name, "item"), `${path}[]`) };
      }
      case "map": {
        const map = type.maxItems === DEFAULT_MAX_ITEMS ? sized(type, slot, path, PROPOSERS.map) : type;
        return {
          ...map,
          key: ofType(type.key, innerSlot(type.name, "key"), `${path}[].key`),
          value: ofType(type.value, innerSlot(type.name, "value"), `${path}[].value`),
        };
      }
      case "boolean":
      case "date":
      case "datetime":
      case "dynamic":
        return type;
    }
  };
  const ofField = <F extends Field>(message: Message, field: F, path: string): F => ({
    ...field,
    type: ofType(field.type, fieldSlot(message, field), joinPath(path, field.source)),
  });
  const ofMessage = (message: Message, path: string): Message => ({
    ...message,
    fields: message.fields.map((field) => ofField(message, field, path)),
  });
  return { proposals, ofField };
}

type Proposer<T extends FieldType> = (
  type: T,
  seen: NonNullable<ReturnType<Evidence["get"]>>,
) => Proposed<T> | undefined;
