/** Error codes of HTTP/2 (RFC 9113, section 7), and the error that ends a connection. */

export const ErrorCode = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const;

/** A code that this side sends. What a peer sends may be any 32-bit number. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Ends the connection (RFC 9113, 5.4.1): everything after it would be misread. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  /** @param reason for the peer's log, in GOAWAY; ASCII, and never anything that the peer sent */
  constructor(
    readonly code: ErrorCode,
    readonly reason: string,
  ) {
    super(reason);
  }
}
