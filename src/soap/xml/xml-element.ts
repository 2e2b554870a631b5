/** What an XML document is to its readers: a tree of elements, with every name resolved to its namespace. */

export const XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

export interface XmlName {
  /** Namespace; empty when there is none. */
  readonly uri: string;
  readonly local: string;
}

export interface XmlAttribute extends XmlName {
  /** As written; empty when there is none. */
  readonly prefix: string;
  /** Normalised as XML 1.0, section 3.3.3, says for a document without a type declaration. */
  readonly value: string;
  /** The name that an `xsi:type` refers to. Resolved here, because only the reader knows the prefixes in scope. */
  readonly refersTo: XmlName | undefined;
}

export interface XmlElement extends XmlName {
  /** As written; empty when there is none. */
  readonly prefix: string;
  /** The namespaces that its own tag declares, by prefix; the default namespace by the empty prefix. */
  readonly declared: ReadonlyMap<string, string>;
  /** In document order, without the namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Text and elements in document order; comments are left out, and text is joined over them and CDATA sections. */
  readonly content: readonly (string | XmlElement)[];
  /** All character data directly inside, joined. */
  readonly text: string;
}
