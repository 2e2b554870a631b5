/**
 * What a difference in the answer does to callers who read it as before. Answers are closed: what a caller was told not to expect
 * must not come, so that widening breaks and narrowing does not. Readers of JSON and protobuf ignore what they do not know (RFC 7493,
 * section 4.2; protobuf language guide, "Unknown fields"); readers of XML and of COBOL records do not.
 */
import type { Effects, OutputKind } from "./change.js";
import { breaking, compatible, DOCUMENTATION, everywhere, LAYOUT, NOT_IN, same } from "./effect.js";

const NEW_ELEMENT = breaking(
  "Answers are closed: callers that check the schema refuse an element they do not know.",
);
const ADDED: Effects = {
  soap: NEW_ELEMENT,
  grpc: compatible("Old callers skip a field that they do not know."),
  json: compatible("Readers of JSON ignore members that they do not know."),
  cobol: LAYOUT,
};
const REMOVED = breaking("Callers that read it find nothing.");
const WIDENED = everywhere(breaking("An answer may hold a value that callers were told not to expect."));
const NARROWED = everywhere(compatible("Every answer is one that callers expected before."));
const OTHER_TYPE = breaking("Callers cannot read the new type as the old one.");
const NO_DEFAULTS = everywhere(same("Nothing stands for what is absent in an answer."));
const NOTHING_IN_MESSAGES = everywhere(same("Answers carry the same."));

export const OUTPUT_EFFECTS = {
  field_added: ADDED,
  field_added_required: ADDED,
  field_inserted: ADDED,
  field_removed: { soap: REMOVED, grpc: REMOVED, json: REMOVED, cobol: LAYOUT },
  field_removed_unreserved: { soap: REMOVED, grpc: REMOVED, json: REMOVED, cobol: LAYOUT },
  reservation_lost: {
    soap: NOT_IN.soap,
    grpc: breaking(
      "A number or name of a removed field is free again: old callers can misread what will stand there.",
    ),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  source_renamed: {
    soap: same("The element keeps its name."),
    grpc: same("The field keeps its number and name."),
    json: breaking("JSON uses the artifact's own names: callers look for the old one."),
    cobol: same("The record keeps its names."),
  },
  xml_name_changed: {
    soap: breaking("Callers look for the old element name."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: breaking("The copybook takes its names from the elements: programs need the new one."),
  },
  proto_name_changed: {
    soap: NOT_IN.soap,
    grpc: breaking("Generated code and protobuf's JSON form know the field under its old name."),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  number_changed: {
    soap: NOT_IN.soap,
    grpc: breaking("Callers look for the field under its old number."),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  order_changed: {
    soap: breaking("Elements stand in a fixed order, and callers read them in it."),
    grpc: same("Fields are found by number."),
    json: same("Members are found by name."),
    cobol: LAYOUT,
  },
  type_changed: { soap: OTHER_TYPE, grpc: OTHER_TYPE, json: OTHER_TYPE, cobol: LAYOUT },
  type_renamed: {
    soap: compatible("Messages do not name types; generated code gets another class name."),
    grpc: breaking("Protobuf knows a message type by its name."),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  list_renamed: {
    soap: compatible("Messages do not name types; generated code gets another class name."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  item_name_changed: {
    soap: breaking("Callers look for the old element name of the items."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: breaking("The copybook takes its names from the elements: programs need the new one."),
  },
  became_required: { ...NARROWED, cobol: LAYOUT },
  became_optional: {
    ...everywhere(breaking("It may be absent where callers could count on it.")),
    cobol: LAYOUT,
  },
  default_added: NO_DEFAULTS,
  default_changed: NO_DEFAULTS,
  length_widened: { ...WIDENED, cobol: LAYOUT },
  length_narrowed: { ...NARROWED, cobol: LAYOUT },
  digits_widened: { ...WIDENED, cobol: LAYOUT },
  digits_narrowed: { ...NARROWED, cobol: LAYOUT },
  digits_moved: { ...WIDENED, cobol: LAYOUT },
  bounds_widened: WIDENED,
  bounds_narrowed: NARROWED,
  bounds_moved: WIDENED,
  values_widened: WIDENED,
  values_narrowed: NARROWED,
  values_moved: WIDENED,
  items_widened: { ...WIDENED, cobol: LAYOUT },
  items_narrowed: { ...NARROWED, cobol: LAYOUT },
  result_declared: {
    soap: breaking("Elements of their own take the place of JSON text."),
    grpc: breaking("A message of its own takes the place of google.protobuf.Value."),
    json: compatible("The answer is JSON as before, now of a stated shape."),
    cobol: LAYOUT,
  },
  result_undeclared: {
    soap: breaking("JSON text takes the place of the elements that callers read."),
    grpc: breaking("A google.protobuf.Value takes the place of the message that callers read."),
    json: breaking("The shape of the answer is no longer promised."),
    cobol: LAYOUT,
  },
  result_origin_changed: NOTHING_IN_MESSAGES,
  documentation_changed: DOCUMENTATION,
} as const satisfies Record<OutputKind, Effects>;
