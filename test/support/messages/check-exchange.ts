/** Every rule over one exchange. */
import { viewExchange, type Exchange } from "./exchange.js";
import { MESSAGE_RULES } from "./message-rules.js";
import { invalidIn } from "./reply-schema.js";

/**
 * What is wrong with an exchange, one line each; empty when nothing is.
 * @param wsdl as the endpoint serves it; absent when nobody knows it
 */
export function checkExchange(exchange: Exchange, wsdl: string | undefined): readonly string[] {
  return viewExchange(exchange, (view) => {
    const broken = MESSAGE_RULES.flatMap(({ id, says, broken: find }) =>
      find(view).map((what) => `${id}: ${says} Broken: ${what}`),
    );
    const { xml, envelope } = view.reply;
    const invalid = xml === undefined || envelope === undefined ? [] : invalidIn(xml, envelope, wsdl);
    return [...broken, ...invalid.map((problem) => `schema: ${problem}`)];
  });
}
