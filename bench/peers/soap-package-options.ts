/** How the `soap` package is told to read values that it would otherwise change: it hands on their text. */
const asText = (text: string): string => text;

/** An integer beyond 2^53 would lose digits, and a date would be written as an empty element. */
export const KEEPS_VALUES = { customDeserializer: { long: asText, date: asText, dateTime: asText } } as const;
