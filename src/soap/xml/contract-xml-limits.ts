/** The bounds on XML beside those of a contract: what a contract allows, no bound of XML may forbid. */
import type { FieldType, Message, Service } from "../../contract/model.js";
import { soapOperations } from "../../contract/soap-names.js";
import type { XmlLimits } from "../../limits.js";

/**
 * The limits for the requests of one service. The longest list of its contract may be longer than `maxXmlChildren`, whose
 * default knows no contract: it would be refused for a bound that its caller has not been told of.
 */
export function contractXmlLimits<L extends XmlLimits>(limits: L, service: Service): L {
  const longest = soapOperations(service).map(({ request }) => longestList(request));
  return { ...limits, maxXmlChildren: Math.max(limits.maxXmlChildren, ...longest) };
}

function longestList({ fields }: Pick<Message, "fields">): number {
  return Math.max(0, ...fields.map(({ type }) => longestIn(type)));
}

function longestIn(type: FieldType): number {
  switch (type.kind) {
    case "array":
      return Math.max(type.maxItems, longestIn(type.items));
    case "map":
      return Math.max(type.maxItems, longestIn(type.value));
    case "struct":
      return longestList(type.message);
    default:
      return 0;
  }
}
