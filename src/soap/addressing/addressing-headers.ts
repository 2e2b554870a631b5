/** WS-Addressing 1.0 header blocks of requests, and those of their replies. Replies only ever go back where requests came from. */
import type { Service } from "../../contract/model.js";
import { answerAddressing } from "./answer-addressing.js";
import { isAddressingBlock, readAddressing } from "./read-addressing.js";
import type { HeaderKind } from "../header-kinds.js";

/** @param required whether requests without these blocks are refused */
export function addressingHeaders(service: Service, required: boolean): HeaderKind {
  return {
    required,
    understands: isAddressingBlock,
    read: (message) => readAddressing(message, service, required),
    answer: ({ addressing }, outcome) =>
      addressing === undefined ? "" : answerAddressing(addressing, outcome, service),
  };
}
