/** What callers are told of an answer whose type nothing declares, in every format alike. Ends with the command, to be copied. */
export const HOW_TO_DECLARE =
  "The type of the answer is not declared. Whoever serves the artifact can learn it from samples: " +
  "artifact-gateway lock ARTIFACT --sample FILE --out contract.lock.json";
