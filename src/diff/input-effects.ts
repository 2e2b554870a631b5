/**
 * What a difference in the request does to callers who go on sending what they sent. SOAP follows the usual rules of contract
 * versioning, gRPC those of protobuf (`buf breaking`, WIRE_JSON) and, beyond them, what the gateway checks; the JSON reader refuses
 * members that it does not know.
 */
import type { Effects, InputKind } from "./change.js";
import { breaking, compatible, DOCUMENTATION, everywhere, LAYOUT, NOT_IN, same } from "./effect.js";

const OLD_REQUESTS_LACK_IT = breaking("Requests written for the contract before lack it and are refused.");
const OLD_REQUESTS_GO_ON = compatible("Requests written for the contract before stay valid.");
const SOME_ARE_REFUSED = breaking("Requests that were valid before can now be refused.");

const WIDENED: Effects = everywhere(OLD_REQUESTS_GO_ON);
const NARROWED: Effects = everywhere(SOME_ARE_REFUSED);
const OTHER_TYPE = breaking("Values of the type before are refused.");

export const INPUT_EFFECTS = {
  field_added: {
    soap: compatible("A new optional element at the end: requests without it stay valid."),
    grpc: compatible("A new optional field with a number of its own: requests without it stay valid."),
    json: compatible("A new optional member: requests without it stay valid."),
    cobol: LAYOUT,
  },
  field_added_required: everywhere(OLD_REQUESTS_LACK_IT),
  field_inserted: {
    soap: breaking(
      "A new element may stand only at the end: callers that write by position shift all that follow.",
    ),
    grpc: compatible("A new optional field with a number of its own: requests without it stay valid."),
    json: compatible("A new optional member: requests without it stay valid."),
    cobol: LAYOUT,
  },
  field_removed: {
    soap: breaking("Requests that still carry the element are refused."),
    grpc: compatible("Number and name stay reserved, and what old callers still send there is skipped."),
    json: breaking("Requests that still carry the member are refused."),
    cobol: LAYOUT,
  },
  field_removed_unreserved: {
    soap: breaking("Requests that still carry the element are refused."),
    grpc: breaking(
      "Number and name are not reserved: what old callers send there can be read as another field.",
    ),
    json: breaking("Requests that still carry the member are refused."),
    cobol: LAYOUT,
  },
  reservation_lost: {
    soap: NOT_IN.soap,
    grpc: breaking(
      "A number or name of a removed field is free again: what old callers send there can be misread.",
    ),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  source_renamed: {
    soap: same("The element keeps its name."),
    grpc: same("The field keeps its number and name."),
    json: breaking("JSON uses the artifact's own names: the old one is refused."),
    cobol: same("The record keeps its names."),
  },
  xml_name_changed: {
    soap: breaking("The old element name is refused."),
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
    grpc: breaking("What old callers send under the old number no longer reaches the field."),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  order_changed: {
    soap: breaking("Elements stand in a fixed order: requests in the old one are refused."),
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
    soap: breaking("The old element name of the items is refused."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: breaking("The copybook takes its names from the elements: programs need the new one."),
  },
  became_required: everywhere(breaking("Requests that leave it out were valid before and are now refused.")),
  became_optional: {
    soap: OLD_REQUESTS_GO_ON,
    grpc: OLD_REQUESTS_GO_ON,
    json: OLD_REQUESTS_GO_ON,
    cobol: LAYOUT,
  },
  length_widened: { ...WIDENED, cobol: LAYOUT },
  length_narrowed: { ...NARROWED, cobol: LAYOUT },
  digits_widened: { ...WIDENED, cobol: LAYOUT },
  digits_narrowed: { ...NARROWED, cobol: LAYOUT },
  digits_moved: { ...NARROWED, cobol: LAYOUT },
  bounds_widened: WIDENED,
  bounds_narrowed: NARROWED,
  bounds_moved: NARROWED,
  values_widened: WIDENED,
  values_narrowed: NARROWED,
  values_moved: NARROWED,
  items_widened: { ...WIDENED, cobol: LAYOUT },
  items_narrowed: { ...NARROWED, cobol: LAYOUT },
  default_added: everywhere(
    compatible("What had to be sent may now be left out, and a stated value stands for it."),
  ),
  default_changed: everywhere(
    breaking(
      "Leaving it out now stands for something else, and nobody is told: the same request is decided otherwise.",
    ),
  ),
  role_changed: everywhere(same("Only main() is called otherwise; messages carry the same.")),
  documentation_changed: DOCUMENTATION,
} as const satisfies Record<InputKind, Effects>;
