/**
 * The WS-Addressing header blocks of a request, checked (Core section 3; SOAP Binding sections 4 to 6). Pure, and nothing is ever
 * called: replies go over the connection of the request (`anonymous`) or nowhere (`none`).
 */
import type { Service } from "../../contract/model.js";
import { soapAction, soapOperations, type SoapOperation } from "../../contract/soap-names.js";
import { WSA } from "../../namespaces.js";
import {
  checkIri,
  checkReplyEndpoint,
  checkSource,
  endpointOf,
  refuseBlock,
  textOf,
} from "./block-checks.js";
import type { HeaderedMessage, HeaderReading } from "../header-kinds.js";
import type { SoapRefusal } from "../fault/refusals.js";
import { unquoteAction } from "../soap-action.js";
import type { XmlElement, XmlName } from "../xml/xml-reader.js";

interface BlockRule {
  readonly isSingle: boolean;
  /** What is wrong with the block by itself. */
  readonly check: (block: XmlElement) => SoapRefusal | undefined;
}

/** The blocks that a request may have. */
const BLOCKS: ReadonlyMap<string, BlockRule> = new Map([
  ["To", { isSingle: true, check: checkIri }],
  ["From", { isSingle: true, check: checkSource }],
  ["ReplyTo", { isSingle: true, check: checkReplyEndpoint }],
  ["FaultTo", { isSingle: true, check: checkReplyEndpoint }],
  ["Action", { isSingle: true, check: checkIri }],
  ["MessageID", { isSingle: true, check: checkIri }],
  ["RelatesTo", { isSingle: false, check: checkIri }],
]);

export function isAddressingBlock({ uri, local }: XmlName): boolean {
  return uri === WSA && BLOCKS.has(local);
}

/**
 * What the blocks say. A message without any has no addressing, unless that is required.
 * @returns with a problem, as much as its fault has to answer; the fault itself goes to whoever asked
 */
export function readAddressing(
  message: HeaderedMessage,
  service: Service,
  isRequired: boolean,
): HeaderReading {
  const blocks = message.blocks.filter(isAddressingBlock);
  if (blocks.length === 0 && !isRequired) return { header: {} };
  /** The block of a name, when it is there once and right. */
  const only = (name: string): XmlElement | undefined => {
    const [block, ...more] = blocks.filter(({ local }) => local === name);
    return block !== undefined && more.length === 0 && problemOf(block) === undefined ? block : undefined;
  };
  const messageId = textOf(only("MessageID"));
  const operation = operationOf(textOf(only("Action")), service);
  const replyTo = endpointOf(only("ReplyTo")) ?? "anonymous";
  const faultTo = endpointOf(only("FaultTo")) ?? replyTo;
  const read = { messageId, operation: operation?.name };
  const problem =
    findRepeated(blocks) ??
    firstOf(blocks, problemOf) ??
    findMissing(blocks, replyTo === "none" ? ["Action"] : ["Action", "MessageID"]) ??
    checkAction(textOf(only("Action")), operation, message, service);
  if (problem === undefined) return { header: { addressing: { ...read, replyTo, faultTo } } };
  return { header: { addressing: { ...read, replyTo: "anonymous", faultTo: "anonymous" } }, problem };
}

function problemOf(block: XmlElement): SoapRefusal | undefined {
  return BLOCKS.get(block.local)?.check(block);
}

function findRepeated(blocks: readonly XmlElement[]): SoapRefusal | undefined {
  const seen = new Set<string>();
  return firstOf(blocks, ({ local }) => {
    const isRepeated = seen.has(local) && BLOCKS.get(local)?.isSingle === true;
    seen.add(local);
    return isRepeated ? refuseBlock("addressing_cardinality", local, "must appear only once") : undefined;
  });
}

function findMissing(blocks: readonly XmlElement[], names: readonly string[]): SoapRefusal | undefined {
  return firstOf(names, (name) =>
    blocks.some(({ local }) => local === name)
      ? undefined
      : refuseBlock("addressing_required", name, "is missing from the addressing headers"),
  );
}

function operationOf(action: string | undefined, service: Service): SoapOperation | undefined {
  return soapOperations(service).find((operation) => soapAction(service, operation) === action);
}

/** An action that says other than the request itself could fool whoever filters by it. */
function checkAction(
  named: string | undefined,
  operation: SoapOperation | undefined,
  { action, body }: HeaderedMessage,
  service: Service,
): SoapRefusal | undefined {
  const actions = soapOperations(service).map((each) => `"${soapAction(service, each)}"`);
  if (operation === undefined) {
    return refuseBlock("addressing_action", "Action", `must be ${actions.join(" or ")}`);
  }
  const transported = unquoteAction(action);
  if (transported !== "" && transported !== named) {
    return refuseBlock("addressing_action_mismatch", "Action", "is not the SOAP action of the HTTP request");
  }
  // A body that asks for nothing there is has a fault of its own.
  const asked = soapOperations(service).find(({ name }) =>
    body.children.some(({ uri, local }) => local === name && uri === service.namespace),
  );
  return asked === undefined || asked.name === operation.name
    ? undefined
    : refuseBlock(
        "addressing_action",
        "Action",
        `is not that of the Body: send "${soapAction(service, asked)}"`,
      );
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
