/** The XML declaration that a document may begin with (XML 1.0, section 2.8). */
import { isSpace } from "./characters.js";
import type { XmlScanner } from "./xml-scanner.js";

const S = "[ \\t\\n]";
const quoted = (value: string): string => `(?:"${value}"|'${value}')`;
const item = (name: string, value: string): string => `${S}+${name}${S}*=${S}*${quoted(value)}`;

/** Between `<?xml` and `?>`. Which encoding it names has been looked at before (`charset.ts`). */
const DECLARATION = new RegExp(
  `^${item("version", "1\\.[0-9]+")}(?:${item("encoding", "[A-Za-z][A-Za-z0-9._-]*")})?` +
    `(?:${item("standalone", "(?:yes|no)")})?${S}*$`,
);
const VERSION_1_0 = new RegExp(`^${item("version", "1\\.0")}`);

/** @throws GatewayError for a declaration that is not well-formed or of another version than 1.0 */
export function readDeclaration(scanner: XmlScanner): void {
  if (!scanner.take("<?xml")) return;
  // `<?xml-stylesheet` is an instruction of its own.
  if (!isSpace(scanner.peek())) throw scanner.forbidden("a processing instruction");
  const declaration = scanner.until("?>", "the XML declaration");
  if (!DECLARATION.test(declaration)) throw scanner.malformed("the XML declaration is wrong");
  if (!VERSION_1_0.test(declaration)) throw scanner.refusal("is not XML 1.0");
}
