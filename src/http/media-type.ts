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

const ACTION = /;[ \t]*action=(?:"([^"\\]*)"|([^\s;"]*))[ \t]*(?=;|$)/i;

/** The media type of a header; `undefined` when the header is missing or is not of the form. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  const type = header === undefined ? null : TYPE.exec(header);
  if (header === undefined || type?.[1] === undefined) return undefined;
  const charset = CHARSET.exec(header);
  const written = ACTION.exec(header);
  const action = written?.[1] ?? written?.[2];
  return {
    type: type[1].toLowerCase(),
    charset: (charset?.[1] ?? charset?.[2])?.toLowerCase(),
    ...(action === undefined ? {} : { action }),
  };
}
