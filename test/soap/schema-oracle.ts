/** libxml2 as the second opinion: the schema that stands in the WSDL, compiled by somebody else. */
import { XmlDocument, XmlElement, XmlValidateError, XsdValidator } from "libxml2-wasm";

export interface SchemaOracle {
  /** Whether the first element of the SOAP body, or of its fault detail, is valid. Throws when not well-formed. */
  isValid(envelopeText: string): boolean;
}

/** In the envelopes of either version. */
const DETAIL = "//*[local-name()='Fault']/*[local-name()='detail' or local-name()='Detail']/*";
const BODY = "/*/*[local-name()='Body']/*";

export function createSchemaOracle(wsdl: string): SchemaOracle {
  const start = wsdl.indexOf("<xsd:schema");
  const end = wsdl.indexOf("</xsd:schema>") + "</xsd:schema>".length;
  const namespace = /targetNamespace="([^"]*)"/.exec(wsdl)?.[1] ?? "";
  const declarations = `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}"`;
  const schema = wsdl.slice(start, end).replace("<xsd:schema", `<xsd:schema ${declarations}`);
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema));
  return {
    isValid(envelopeText) {
      const document = XmlDocument.fromString(envelopeText);
      try {
        const payload = document.get(DETAIL) ?? document.get(BODY);
        if (!(payload instanceof XmlElement)) return false;
        validator.validate(payload);
        return true;
      } catch (error) {
        if (error instanceof XmlValidateError) return false;
        throw error;
      } finally {
        document.dispose();
      }
    },
  };
}
