/** Contracts of the examples under the profile `mainframe`, bounded by their own samples. */
import { readFileSync } from "node:fs";
import type { Service } from "../../src/contract/model.js";
import { singleOperation } from "../../src/contract/single-operation.js";
import { structFromJson, valueFromJson } from "../../src/json/decode.js";
import { proposeFacets, type ProposedFacets } from "../../src/lock/propose-facets.js";
import type { FacetSample } from "../../src/lock/facet-evidence.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";

export interface NamedSample extends FacetSample {
  readonly name: string;
}

export interface MainframeExample extends ProposedFacets {
  readonly samples: readonly NamedSample[];
}

/** The same contract under the other profile, as `lock --profile mainframe` has it before anything is proposed. */
export function asMainframe(service: Service): Service {
  const single = singleOperation(service.operation);
  return { ...service, profile: "mainframe", ...(single === undefined ? {} : { single }) };
}

export async function mainframeExample(example: string): Promise<MainframeExample> {
  const service = asMainframe(await contractOfExample(example));
  const samples = samplesOf(example).map(({ name, file, expected }): NamedSample => {
    const [result] = service.operation.response.fields;
    const json = parseStrictJson(readFileSync(file), file);
    const answer = valueFromJson(result.type, parseStrictJson(Buffer.from(expected), name), "result", []);
    const inputs = structFromJson(service.operation.request, json, "", []);
    return { name, inputs, ...(answer === undefined ? {} : { result: answer }) };
  });
  return { ...proposeFacets(service, samples), samples };
}
