/** The `Content-Type` header, taken apart (RFC 9110, section 8.3.1). */

export interface MediaType {
  /** `text/xml`, in small letters. */
  readonly type: string;
  /** The `charset` parameter in small letters, when there is one. */
  readonly charset: string | undefined;
  /** The `action` parameter as it is written, when there is one (RFC 3902). */
  readonly action?: string;
}

const TYPE = /^[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*(?:;|$)/;
const CHARSET = /;[ \t]*charset=(?:"([^"\\]*)"|([^\s;"]*))[ \t]*(?=;|$)/i;

const ACTION_AND_REST = /;[ \t]*action[ \t]*=([^]*)$/i;
const PLAIN_ACTION = /^(?:"([^"\\]*)"|([^\s;"]*))[ \t]*(?=;|$)/;

/** The media type of a header; `undefined` when the header is missing or is not of the form. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  const type = header === undefined ? null : TYPE.exec(header);
  if (header === undefined || type?.[1] === undefined) return undefined;
  const charset = CHARSET.exec(header);
  const action = readAction(header);
  return {
    type: type[1].toLowerCase(),
    charset: (charset?.[1] ?? charset?.[2])?.toLowerCase(),
    ...(action === undefined ? {} : { action }),
  };
}

/** What cannot be read, or is said twice, is given as it is: it is then nobody's action, and not the lack of one. */
function readAction(header: string): string | undefined {
  const rest = ACTION_AND_REST.exec(header)?.[1];
  if (rest === undefined) return undefined;
  const plain = PLAIN_ACTION.exec(rest);
  return plain === null || ACTION_AND_REST.test(rest) ? rest : (plain[1] ?? plain[2]);
}
