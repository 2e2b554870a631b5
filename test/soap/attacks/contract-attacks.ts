/** Attacks on the contract: what stands in the payload. */
import { NAMESPACE } from "../soap-harness.js";
import { dependants, income, payload, repeat, type Attack } from "./attack.js";

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const contracts: readonly Attack[] = [
  {
    name: "multiple references",
    request: ({ envelope }) => envelope(payload("", '<annualIncome href="#a"/>')),
    becomes: "invalid_input",
  },
  {
    name: "references in a circle",
    request: ({ changed }) => changed("<row>", '<row id="a" href="#a">'),
    becomes: "invalid_input",
  },
  {
    name: "xop:Include",
    request: ({ envelope }) =>
      envelope(
        income('<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="http://127.0.0.1:1/"/>'),
      ),
    becomes: "invalid_input",
  },
  {
    name: "xsi:type substitution",
    request: ({ changed }) => changed("<row>", `<row ${XSI} xmlns:o="urn:o" xsi:type="o:Other">`),
    becomes: "invalid_input",
  },
  {
    name: "array blow-up",
    request: ({ envelope }) =>
      envelope(
        payload().replace(
          "<row>",
          '<row xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" e:arrayType="row[2147483647]">',
        ),
      ),
    becomes: "invalid_input",
  },
  {
    name: "more rows than maxOccurs",
    request: ({ changed }) => changed("<row>", `${"<row/>".repeat(2000)}<row>`),
    becomes: "invalid_input",
  },
  {
    name: "more items than maxOccurs",
    request: ({ envelope }) => envelope(payload(`<lateMonths>${"<item>1</item>".repeat(13)}</lateMonths>`)),
    becomes: "invalid_input",
  },
  {
    name: "unknown element",
    request: ({ envelope }) => envelope(payload("<unknown/>")),
    becomes: "invalid_input",
  },
  {
    name: "element twice",
    request: ({ envelope }) => envelope(payload("<requestedAmount>1.00</requestedAmount>")),
    becomes: "invalid_input",
  },
  {
    name: "element out of order",
    request: ({ envelope }) => envelope(payload("<annualIncome>1</annualIncome>")),
    becomes: "invalid_input",
  },
  {
    name: "element missing",
    request: ({ changed }) => changed(/<requestedAmount>.*<\/requestedAmount>/, ""),
    becomes: "invalid_input",
  },
  {
    name: "text between elements",
    request: ({ changed }) => changed("<row>", "<row>x"),
    becomes: "invalid_input",
  },
  {
    name: "nil where a value is required",
    request: ({ envelope }) =>
      envelope(payload().replace("<requestedAmount>10.00", `<requestedAmount ${XSI} xsi:nil="true">`)),
    becomes: "invalid_input",
  },
  {
    name: "nil with content",
    request: ({ envelope }) => envelope(payload("", `<annualIncome ${XSI} xsi:nil="true">1</annualIncome>`)),
    becomes: "invalid_input",
  },
  { name: "too many digits", request: ({ changed }) => changed("10.00", "10.001"), becomes: "invalid_input" },
  {
    name: "megabyte of digits",
    request: ({ changed }) => changed("10.00", `${"1".repeat(200_000)}.00`),
    becomes: "invalid_input",
  },
  ...[
    "9223372036854775808",
    "-9223372036854775809",
    "1e3",
    "1.0",
    "0x10",
    "NaN",
    "",
    " ",
    "--1",
    "\u0661",
  ].map((text): Attack => ({
    name: `integer ${JSON.stringify(text)}`,
    request: ({ envelope }) => envelope(dependants(text)),
    becomes: "invalid_input",
  })),
  ...["1e400", "-1e400", "1e-400", "inf", "Infinity", "0x1p3", "1,5", "1e99999999999"].map(
    (text): Attack => ({
      name: `double ${JSON.stringify(text)}`,
      request: ({ envelope }) => envelope(income(text)),
      becomes: "invalid_input",
    }),
  ),
  ...["2024-02-30T00:00:00", "2024-01-01T25:00:00", "99999-01-01T00:00:00", "2024-01-01T00:00:00+15:00"].map(
    (text): Attack => ({
      name: `moment ${text}`,
      request: ({ envelope }) => envelope(payload(`<submittedAt>${text}</submittedAt>`)),
      becomes: "invalid_input",
    }),
  ),
];

const prototypes: readonly Attack[] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
].flatMap((name): readonly Attack[] => [
  {
    name: `${name} as element`,
    request: ({ envelope }) => envelope(payload(`<${name}>1</${name}>`)),
    becomes: "invalid_input",
  },
  {
    name: `${name} as attribute`,
    request: ({ changed }) => changed("<row>", `<row ${name}="1">`),
    becomes: "invalid_input",
  },
  {
    name: `${name} as id`,
    request: ({ changed }) => changed("<row>", `<row id="${name}">`),
    becomes: "invalid_input",
  },
  {
    name: `${name} as operation`,
    request: ({ envelope }) => envelope(`<${name} xmlns="${NAMESPACE}"/>`),
    becomes: "not_found",
  },
  {
    name: `${name} as prefix`,
    request: ({ changed }) => changed("<row>", `<row xmlns:${name}="urn:x" ${name}:a="1">`),
    becomes: "invalid_input",
  },
  {
    name: `${name} as header`,
    request: ({ envelope }) => envelope(payload(), `<s:Header><${name} xmlns="urn:x"/></s:Header>`),
    becomes: "answered",
  },
  {
    name: `${name} as map key`,
    request: ({ envelope }) =>
      envelope(
        payload(
          `<tags>${repeat(2, (at) => `<entry><key>${name}${at === 0 ? "" : at}</key><value>1</value></entry>`)}</tags>`,
        ),
      ),
    becomes: "answered",
  },
]);

export const CONTRACT_ATTACKS: readonly Attack[] = [...contracts, ...prototypes];
