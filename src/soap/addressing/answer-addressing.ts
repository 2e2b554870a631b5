/** The WS-Addressing header blocks of a reply or a fault (Core section 3.4; SOAP Binding section 6). */
import { randomUUID } from "node:crypto";
import type { AddressingHeader } from "../../call/message-header.js";
import { faultAction, replyAction } from "../../contract/addressing-actions.js";
import type { Service } from "../../contract/model.js";
import type { GatewayError } from "../../errors.js";
import { compileElement, escapeText } from "../../xml-printer.js";
import { WSA } from "../../namespaces.js";
import { ADDRESSING_FAULT_ACTION, ANONYMOUS, SOAP_FAULT_ACTION, UNSPECIFIED } from "./names.js";
import type { Outcome } from "../header-kinds.js";
import { refusalKind } from "../fault/refusals.js";

// Each block declares its own prefix: it stands in a header that other blocks share.
const DECLARED = { "xmlns:wsa": WSA };
const printAction = compileElement("wsa:Action", DECLARED);
const printMessageId = compileElement("wsa:MessageID", DECLARED);
const printRelatesTo = compileElement("wsa:RelatesTo", DECLARED);
const TO = compileElement("wsa:To", DECLARED)(ANONYMOUS);

/** @returns XML */
export function answerAddressing(request: AddressingHeader, outcome: Outcome, service: Service): string {
  // Said by the request itself where it could be read so far, because its body may not have been.
  const operation = { name: request.operation ?? service.operation.name };
  const action =
    "fault" in outcome ? actionOfFault(outcome.fault, operation, service) : replyAction(service, operation);
  return (
    TO +
    printAction(escapeText(action)) +
    printMessageId(`urn:uuid:${randomUUID()}`) +
    printRelatesTo(escapeText(request.messageId ?? UNSPECIFIED))
  );
}

function actionOfFault(fault: GatewayError, operation: { readonly name: string }, service: Service): string {
  switch (refusalKind(fault)?.about) {
    case "addressing":
      return ADDRESSING_FAULT_ACTION;
    case "envelope":
    case "security":
      return SOAP_FAULT_ACTION;
    case "body":
    case undefined:
      return faultAction(service, operation);
  }
}
