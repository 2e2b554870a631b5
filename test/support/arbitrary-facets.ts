/** Facets and notes for the fields of a contract, as a contract lock gives them. */
import fc from "fast-check";
import type { Bounds, Field, FieldNotes, FieldType, Message, Service } from "../../src/contract/model.js";

/** What every type of a kind gets. */
export interface Facets {
  readonly maxLength: number | undefined;
  readonly allowed: readonly string[] | undefined;
  readonly digits: { readonly totalDigits: number; readonly fractionDigits: number } | undefined;
  readonly bounds: Bounds;
  readonly maxItems: number;
  readonly notes: FieldNotes;
}

const digitsArbitrary = fc
  .tuple(fc.integer({ min: 1, max: 15 }), fc.nat({ max: 15 }))
  .map(([totalDigits, fraction]) => ({ totalDigits, fractionDigits: Math.min(fraction, totalDigits) }));

export const facetsArbitrary: fc.Arbitrary<Facets> = fc.record({
  maxLength: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
  allowed: fc.option(fc.constantFrom(["A"], ["Y", "N"], ["a b", "a_b", "ä", "", " x ", 'q"<&', "\u0001"]), {
    nil: undefined,
  }),
  digits: fc.option(digitsArbitrary, { nil: undefined }),
  bounds: fc.constantFrom<Bounds>(
    {},
    {},
    { minimum: "0" },
    { maximum: "9" },
    { minimum: "-9", maximum: "0" },
  ),
  maxItems: fc.integer({ min: 1, max: 50 }),
  notes: fc.constantFrom<FieldNotes>(
    {},
    {
      unit: "EUR",
      origin: "lake.customers.income",
      nullMeaning: "Not asked.",
      allowedValues: ["1 = yes", "2 = no"],
    },
    { unit: "]]> */ <b>", nullMeaning: "two\nlines\u0000" },
  ),
});

/** The contract with these facets on every type that can have them. */
export function withFacets(service: Service, facets: Facets): Service {
  const { operation } = service;
  const fieldWith = <F extends Field>(field: F): F => ({
    ...field,
    type: typeWith(field.type, facets),
    notes: facets.notes,
  });
  const [result] = operation.response.fields;
  return {
    ...service,
    operation: {
      ...operation,
      request: { ...operation.request, fields: operation.request.fields.map(fieldWith) },
      response: { ...operation.response, fields: [fieldWith(result)] },
    },
  };
}

function messageWith(message: Message, facets: Facets): Message {
  return {
    ...message,
    fields: message.fields.map((field) => ({
      ...field,
      type: typeWith(field.type, facets),
      notes: facets.notes,
    })),
  };
}

function typeWith(type: FieldType, facets: Facets): FieldType {
  const { maxLength, allowed, digits, bounds, maxItems } = facets;
  switch (type.kind) {
    case "string":
      return {
        ...type,
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(allowed === undefined ? {} : { allowed }),
      };
    case "double":
      return { ...type, ...digits, ...bounds };
    case "integer":
      return { ...type, ...(digits === undefined ? {} : { totalDigits: digits.totalDigits }), ...bounds };
    case "decimal":
      return { ...type, ...digits, ...bounds };
    case "array":
      return { ...type, items: typeWith(type.items, facets), maxItems };
    case "map":
      return { ...type, key: typeWith(type.key, facets), value: typeWith(type.value, facets), maxItems };
    case "struct":
      return { ...type, message: messageWith(type.message, facets) };
    default:
      return type;
  }
}
