/** Attacks on what the gateway writes: replies, headers, log. */
import { payload, repeat, SECRET, type Attack } from "./attack.js";

export const OUTPUT_ATTACKS: readonly Attack[] = [
  {
    name: "values in every wrong place",
    request: ({ changed }) =>
      changed("<requestedAmount>10.00", `<isEmployed>${SECRET}</isEmployed><requestedAmount>${SECRET}`),
    becomes: "invalid_input",
  },
  {
    name: "a thousand violations",
    request: ({ envelope }) => envelope(payload(repeat(1000, () => `<unknown>${SECRET}</unknown>`))),
    becomes: "invalid_input",
  },
  {
    name: "markup in a name",
    request: ({ envelope }) => envelope(payload("<script.alert-1/>")),
    becomes: "invalid_input",
  },
  {
    name: "name beyond ASCII",
    request: ({ envelope }) => envelope(payload("<\u00fc\u{10000}/>")),
    becomes: "invalid_input",
  },
  {
    name: "media type to be reflected",
    request: () => ({ body: payload(), headers: { "Content-Type": "text/html" } }),
    becomes: "unsupported",
  },
  {
    name: "charset to be reflected",
    request: ({ envelope, mediaType }) => ({
      body: envelope(payload()),
      headers: { "Content-Type": `${mediaType}; charset="x&lt;y"` },
    }),
    becomes: "unsupported",
  },
  {
    name: "multipart",
    request: ({ envelope }) => ({
      body: envelope(payload()),
      headers: { "Content-Type": 'multipart/related; type="application/xop+xml"' },
    }),
    becomes: "unsupported",
  },
  {
    name: "JSON",
    request: () => ({ body: "{}", headers: { "Content-Type": "application/json" } }),
    becomes: "unsupported",
  },
  {
    name: "request id that is markup",
    request: ({ envelope }) => ({ body: envelope("<x/>"), headers: { "X-Request-Id": "<b>&amp;" } }),
    becomes: "not_found",
  },
  {
    name: "request id that is log lines",
    request: ({ envelope }) => ({ body: envelope("<x/>"), headers: { "X-Request-Id": '1","level":"fatal' } }),
    becomes: "not_found",
  },
  {
    name: "long request id",
    request: ({ envelope }) => ({ body: envelope("<x/>"), headers: { "X-Request-Id": "i".repeat(8000) } }),
    becomes: "not_found",
  },
  {
    name: "line ends in a name",
    request: ({ envelope }) => envelope(payload("<x\u2028y/>")),
    becomes: "invalid_input",
  },
];
