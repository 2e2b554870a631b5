/**
 * Most characters of each text in a fault: what the WSDL promises and the fault printer keeps. Together they fit a buffer of one
 * kilobyte, as a COBOL program that parses faults by hand has (docs/mainframe.md).
 */
export const FAULT_LENGTHS = {
  /** `faultstring` of SOAP 1.1, `Text` of SOAP 1.2. */
  reason: 255,
  code: 32,
  message: 512,
  path: 255,
  /** As long as an id of the caller's own may be (`request-id.ts`). */
  requestId: 128,
} as const;
