/** What the page does beyond being read. Each module adds something of its own, and none needs another. */
import { startFilter } from "./filter.js";

startFilter();
