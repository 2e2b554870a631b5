/** Descriptors in a form in which ours and those of a compiler can be compared. */
import { clearField, clone, toJson } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, type FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/** Everything but positions in a source text: comments by what they stand on, without line and column. */
export function comparable(file: FileDescriptorProto): unknown {
  const comments = (file.sourceCodeInfo?.location ?? [])
    .filter(({ leadingComments }) => leadingComments !== "")
    .map((location) => [location.path.join("."), location.leadingComments])
    .sort();
  return { declared: withoutComments(file), comments };
}

export function withoutComments(file: FileDescriptorProto): unknown {
  const declared = clone(FileDescriptorProtoSchema, file);
  clearField(declared, FileDescriptorProtoSchema.field.sourceCodeInfo);
  return toJson(FileDescriptorProtoSchema, declared);
}
