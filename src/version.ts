/** The version of this program, from its own `package.json`: beside `dist/` as beside `src/`. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const PACKAGE = z.object({ version: z.string() });

/** For example `1.4.0`. @throws Error when the installation is not whole */
export function gatewayVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return PACKAGE.parse(JSON.parse(text)).version;
}
