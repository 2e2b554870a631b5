/** Rules about how much there is: lists, nesting, the length of a record and of a reply. */
import { DEEPEST_LEVEL, MOST_DIMENSIONS, recordLayout } from "../cobol/record-layout.js";
import type { FieldType, Message, Service } from "../contract/model.js";
import type { Breach, Rule } from "./finding.js";
import { typePlaces } from "./places.js";
import { deepestElement, replyBytes } from "./reply-size.js";

const LIMITS = "https://www.ibm.com/support/knowledgecenter/ssw_ibm_i_73/rzasb/cmplrlimit.htm";
const QUOTAS =
  "https://learn.microsoft.com/en-us/previous-versions/dotnet/netframework-4.0/ms731325(v=vs.100)";

/** DFHWS2LS INLINE-MAXOCCURS-LIMIT goes up to here; longer lists are always in containers. */
const LONGEST_LIST = 32_767;
/** IMS/OTMA: LL, ZZ and the data of one segment. */
const LONGEST_SEGMENT = 32_764;
/** ILE COBOL; the other compilers of IBM allow more. */
const LONGEST_RECORD = 16_711_568;
/** WCF, BasicHttpBinding: `maxReceivedMessageSize` and `readerQuotas/@maxDepth`. */
const DOT_NET_REPLY = 65_536;
const DOT_NET_DEPTH = 32;

export const SIZE_RULES = {
  "list-length": {
    who: "CICS",
    severity: "error",
    rule: `A list of more than ${LONGEST_LIST} elements is never inline: each of its elements goes into a container.`,
    source:
      "https://www.ibm.com/docs/en/SSGMCP_5.6.0/applications/developing/web-services/dfhws_variablearrays.html",
    remedy: "State fewer maxItems in the contract lock.",
    check: (service) =>
      typePlaces(service).flatMap(({ path, type }): Breach[] =>
        (type.kind === "array" || type.kind === "map") && type.maxItems > LONGEST_LIST
          ? [{ path, message: `may have ${type.maxItems} elements` }]
          : [],
      ),
  },
  "list-dimensions": {
    who: "COBOL",
    severity: "error",
    rule: `At most ${MOST_DIMENSIONS} lists are within one another: a reference has no more subscripts.`,
    source: LIMITS,
    remedy: "Let the artifact take and give flatter tables.",
    check: (service) => outermost(service, "lists", MOST_DIMENSIONS, "lists within one another"),
  },
  "level-numbers": {
    who: "COBOL",
    severity: "error",
    rule: `Level numbers go up to ${DEEPEST_LEVEL}, so that many items are within one another at most.`,
    source: LIMITS,
    remedy: "Let the artifact take and give flatter records.",
    check: (service) => outermost(service, "levels", DEEPEST_LEVEL, "levels"),
  },
  "record-length": {
    who: "COBOL",
    severity: "error",
    rule: `A group item has at most ${LONGEST_RECORD} bytes (ILE COBOL; on z/OS more, where there is storage).`,
    source: LIMITS,
    remedy: "State fewer maxItems or a smaller maxLength in the contract lock.",
    check: (service) => longRecords(service, LONGEST_RECORD),
  },
  "message-segment": {
    who: "IMS",
    severity: "warning",
    rule: `One segment of an IMS message has at most ${LONGEST_SEGMENT} bytes.`,
    source: 'WebSphere MQ, MQ-IMS bridge, "Message segmentation" (fg15960_)',
    remedy: "Use several segments, or state fewer maxItems and a smaller maxLength in the contract lock.",
    check: (service) => longRecords(service, LONGEST_SEGMENT),
  },
  "reply-size": {
    who: ".NET",
    severity: "warning",
    rule: `A WCF client refuses replies of more than ${DOT_NET_REPLY} bytes until maxReceivedMessageSize is raised.`,
    source: QUOTAS,
    remedy:
      "Tell .NET callers to raise it, or state fewer maxItems and a smaller maxLength in the contract lock.",
    check: (service) => {
      const bytes = replyBytes(service);
      if (bytes <= DOT_NET_REPLY) return [];
      const size = Number.isFinite(bytes) ? `about ${bytes} bytes` : "any number of bytes";
      return [{ path: "result", message: `a full reply has ${size}` }];
    },
  },
  "element-depth": {
    who: ".NET",
    severity: "warning",
    rule: `A WCF client reads at most ${DOT_NET_DEPTH} elements within one another until its reader quotas are raised.`,
    source: QUOTAS,
    remedy: "Tell .NET callers to raise maxDepth.",
    check: (service) => {
      const depth = deepestElement(service);
      return depth > DOT_NET_DEPTH ? [{ path: "result", message: `a reply is ${depth} elements deep` }] : [];
    },
  },
  "single-row": {
    who: "CICS",
    severity: "warning",
    rule: "A contract with an operation without lists spares COBOL callers counts, subscripts and containers.",
    source:
      "https://www.ibm.com/docs/en/SSGMCP_5.6.0/applications/developing/web-services/dfhws_variablearrays.html",
    remedy:
      "Nothing breaks; EvaluateOne appears when no list, map or undeclared value is in the rows and the answer.",
    check: (service) =>
      service.profile === "standard" || service.single !== undefined ? [] : manyValued(service),
  },
} as const satisfies Record<string, Rule>;

/** What keeps a contract from having an operation for one row. */
function manyValued(service: Service): readonly Breach[] {
  const { request, response } = service.operation;
  const outer = new Set([...request.fields, ...response.fields].map(({ type }) => type));
  const inTheWay = typePlaces(service).filter(({ type }) =>
    type.kind === "array"
      ? type.itemName !== "row" || !outer.has(type)
      : type.kind === "map" || type.kind === "dynamic",
  );
  if (inTheWay.length === 0) return [{ path: "", message: "has no table" }];
  return inTheWay.map(({ path }) => ({ path, message: "may have many values" }));
}

function longRecords({ operation, single }: Service, longest: number): readonly Breach[] {
  // Whoever needs short records has the operation for one row, where there is one.
  const { name, request, response } = single ?? operation;
  return [request, response].flatMap((message): Breach[] => {
    const { bytes } = recordLayout(message);
    if (bytes <= longest) return [];
    const role = message === request ? "request" : "reply";
    return [{ path: "", message: `the record of the ${role} of ${name} has ${bytes} bytes` }];
  });
}

interface Nesting {
  readonly lists: number;
  readonly levels: number;
}

/** The places where a limit of nesting is passed, without those inside them. */
function outermost(
  { operation }: Service,
  measure: keyof Nesting,
  most: number,
  words: string,
): readonly Breach[] {
  const breaches: Breach[] = [];
  const visit = (path: string, type: FieldType, { lists, levels }: Nesting): void => {
    if ({ lists, levels }[measure] > most) {
      breaches.push({ path, message: `is in more than ${most} ${words}` });
    } else if (type.kind === "array") {
      visit(`${path}[]`, type.items, { lists: lists + 1, levels: levels + 1 });
    } else if (type.kind === "map") {
      const inEntry = { lists: lists + 1, levels: levels + 2 };
      visit(`${path}[].key`, type.key, inEntry);
      visit(`${path}[].value`, type.value, inEntry);
    } else if (type.kind === "struct") {
      visitFields(path, type.message, { lists, levels: levels + 1 });
    }
  };
  const visitFields = (path: string, message: Message, nesting: Nesting): void => {
    for (const { source, type } of message.fields)
      visit(path === "" ? source : `${path}.${source}`, type, nesting);
  };
  // The record has level 1, its items level 2.
  for (const message of [operation.request, operation.response])
    visitFields("", message, { lists: 0, levels: 2 });
  return breaches;
}
