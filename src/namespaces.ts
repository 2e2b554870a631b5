/** XML namespaces that both messages and their descriptions are written in: one spelling for all who read or write them. */

/** WS-Addressing 1.0. */
export const WSA = "http://www.w3.org/2005/08/addressing";

/** WS-Security 1.0 and later: its elements, and their ids and moments. */
export const WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
export const WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
