/** The process of the load generator: gets a load, runs it, sends what came of it. */
import type { Load } from "./load.js";
import { runLoad } from "./run-load.js";

process.on("message", (load: Load) => {
  void runLoad(load).then((result) => process.send?.(result));
});
