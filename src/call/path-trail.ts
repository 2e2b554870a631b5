/**
 * The way to the value that is being looked at: names and positions, pushed and popped as the looking goes on. It is
 * made into a path only where something is wrong, because almost every value is right.
 */
import { joinPath } from "../errors.js";

export type Trail = (string | number)[];

/** The trail as a path: `["application", 3, "annual_income"]` is `application[3].annual_income`. */
export function pathOf(trail: readonly (string | number)[]): string {
  let path = "";
  for (const step of trail) path = typeof step === "number" ? `${path}[${step}]` : joinPath(path, step);
  return path;
}
