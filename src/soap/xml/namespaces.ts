/** The prefixes that are bound while a document is read, element by element (Namespaces in XML 1.0, third edition). */

export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
export const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/** Every method takes constant time for each prefix, however many are bound: hostile documents bind thousands. */
export class Namespaces {
  /** The namespaces that each prefix was bound to, the nearest last. */
  readonly #bound = new Map<string, string[]>([
    ["", [""]],
    ["xml", [XML_NAMESPACE]],
  ]);
  #size = 0;

  /** Declarations that hold, those that a nearer one hides among them. */
  get size(): number {
    return this.#size;
  }

  /** Binds what an element declares, until `leave` is called for it. */
  enter(declared: ReadonlyMap<string, string>): void {
    for (const [prefix, uri] of declared) {
      const bound = this.#bound.get(prefix);
      if (bound === undefined) this.#bound.set(prefix, [uri]);
      else bound.push(uri);
    }
    this.#size += declared.size;
  }

  leave(declared: ReadonlyMap<string, string>): void {
    for (const prefix of declared.keys()) this.#bound.get(prefix)?.pop();
    this.#size -= declared.size;
  }

  /** The namespace of a prefix, empty for none; `undefined` when the prefix is not bound. */
  resolve(prefix: string): string | undefined {
    return this.#bound.get(prefix)?.at(-1);
  }
}

/** Whether a prefix may be bound to a namespace at all (section 3, reserved prefixes; section 5, no undeclaring). */
export function mayBind(prefix: string, uri: string): boolean {
  if (prefix === "xmlns" || uri === XMLNS_NAMESPACE) return false;
  if (prefix === "xml" || uri === XML_NAMESPACE) return prefix === "xml" && uri === XML_NAMESPACE;
  return prefix === "" || uri !== "";
}
