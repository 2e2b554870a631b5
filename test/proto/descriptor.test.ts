import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buildDescriptorSet, descriptorSetBytes } from "../../src/proto/descriptor.js";
import { generateProto, protoPath } from "../../src/proto/generate-proto.js";
import { sampleService } from "../support/sample-service.js";
import { bufBuild } from "./buf.js";
import { comparable, withoutComments } from "./descriptor-forms.js";
import { servicesOfEveryShape } from "./result-shapes.js";

test("the descriptors are what buf makes of the text, imports and comments included", () => {
  const services = servicesOfEveryShape();
  const texts = new Map(services.map((service) => [protoPath(service), generateProto(service)]));
  const built = new Map(bufBuild(texts).file.map((file) => [file.name, file]));
  for (const service of services) {
    for (const file of buildDescriptorSet(service).file) {
      const expected = built.get(file.name);
      assert.ok(expected !== undefined, file.name);
      // Google's own files are carried without their comments.
      const compare = texts.has(file.name) ? comparable : withoutComments;
      assert.deepEqual(compare(file), compare(expected), file.name);
    }
  }
});

test("files come after the files they import", () => {
  const service = sampleService({ kind: "dynamic" });
  const { file } = fromBinary(FileDescriptorSetSchema, descriptorSetBytes(service));
  const names = file.map(({ name }) => name);
  assert.equal(names.at(-1), protoPath(service));
  for (const { name, dependency } of file) {
    for (const path of dependency) assert.ok(names.indexOf(path) < names.indexOf(name), path);
  }
  assert.ok(names.includes("google/protobuf/struct.proto"));
});
