/** The sections of the page of a service, in the order in which people need them. A new one is one line here. */
import type { Section } from "./section.js";
import { ADDRESSES } from "./sections/addresses.js";

export const SECTIONS: readonly Section[] = [ADDRESSES];
