/** A fixture artifact with its contract and samples, for tests of how `main()` is called. */
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Service } from "../../src/contract/model.js";
import { structFromJson } from "../../src/json/decode.js";
import type { Struct } from "../../src/values.js";
import { fixture } from "./pool-harness.js";

export interface MainFixture {
  readonly root: string;
  readonly service: Service;
  /** A sample given as `run --input` takes it. */
  readonly sample: (json: Parameters<typeof structFromJson>[1]) => Struct;
}

/** @param output type that the artifact is taken to declare for its answer; undeclared without it */
export async function openMainFixture(name: string, output?: string): Promise<MainFixture> {
  const root = fixture(name);
  const opened = await openArtifact(root);
  try {
    const { inputs } = await readArtifact(opened);
    const service = buildContract({
      alias: "fixture",
      description: "",
      inputs,
      output:
        output === undefined
          ? undefined
          : { type: parseDataType(output), spelled: output, origin: "declared" },
    });
    return { root, service, sample: (json) => structFromJson(service.operation.request, json, "", []) };
  } finally {
    await opened.close();
  }
}
