/** Ways to say a rule in one line. */
import type { XmlDocument } from "libxml2-wasm";
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import { elements, type View } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";

/** A rule about every exchange. */
export function rule(id: string, says: string, holds: (view: View) => boolean | string): MessageRule {
  return {
    id,
    says,
    broken: (view) => {
      const answer = holds(view);
      if (typeof answer === "string") return [answer];
      return answer ? [] : [`the reply is ${outcome(view)}`];
    },
  };
}

/** A rule about the envelope of every reply: the elements that the path finds break it. */
export function noneIn(id: string, says: string, path: string): MessageRule {
  return {
    id,
    says,
    broken: ({ reply }) =>
      reply.xml === undefined || reply.envelope === undefined
        ? []
        : elements(reply.xml, path, reply.envelope).map(({ name }) => name),
  };
}

/** A rule about every reply that holds an envelope. */
export function replyRule(
  id: string,
  says: string,
  holds: (xml: XmlDocument, view: View, envelope: SoapVersion) => boolean | string,
): MessageRule {
  return rule(id, says, (view) => {
    const { xml, envelope } = view.reply;
    return xml === undefined || envelope === undefined || holds(xml, view, envelope);
  });
}

/** The reply in a few words. */
export function outcome({ reply }: View): string {
  return reply.fault === undefined ? `${reply.status} without a fault` : `${reply.status} ${reply.fault}`;
}
