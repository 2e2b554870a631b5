/** Names that some format, language or tool trips over, for the generated artifacts. */

/** Names that some format or language keeps for itself, that differ too late, or that have no letter it knows. */
export const HOSTILE_NAMES = [
  ...words(`type values class toString __proto__ constructor hasOwnProperty a_b aB a-b value key entry row item
result package optional message SECTION ROW-NUM int namespace get clone getClass None self
descriptor length arguments field 1st _`),
  "a b",
  " padded",
  "доход",
  "доход_за_год",
  "年收入",
  "naïve",
  "ﬀ",
  "😀",
  "x".repeat(200),
  ...words(`monthly_payment_of_the_customer_1 monthly_payment_of_the_customer_2 has_a_b bitField0 a_B <b>&amp;"'
*/ //`),
  "\\u0022",
  ...words(`a.b.c $ref %s error code getType String Object`),
];

/** Types that generated code knows by their short names, and those that a generator makes up for itself. */
export const HOSTILE_TYPES =
  words(`String Object Exception Throwable Override Deprecated Class Boolean Long Double Integer Number List
BigDecimal JAXBElement QName URL Service ObjectFactory Action HostileTypesService
HostileTypesPortType HostileTypesServiceGrpc EvaluateFaultMessage Evaluate HostileTypes
HostileTypesProto HostileTypesSoapBinding Message Enum Builder Timestamp Date Decimal Value Struct
Record System Iterable Thread Error Void Map Descriptors`);

/** Fields whose accessors meet those of the message, or those of the field before: protoc makes up to ten for a field. */
export const ACCESSORS =
  words(`descriptor descriptor_for_type all_fields default_instance default_instance_for_type parser
parser_for_type unknown_fields initialization_error_string serialized_size cached_size initialized
bit_field0 bit_field1 memoized_is_initialized field all_fields_count reset proto_reflect tags
tags_count tags_list tags_bytes tags_map tags_value tags_builder tags_or_builder has_tags get_tags
clear_tags set_tags tags_builder_list string marshal state size_cache repeated_field extension
one_of hash_code equals notify wait finalize merge_from by_name by_number copy_from clear
is_initialized find_initialization_errors DESCRIPTOR`);

function words(text: string): string[] {
  return text.split(/\s+/);
}
