/** The process of the load generator: gets a load, runs it, sends what came of it. */
import { runLoad, type Load } from "./closed-loop.js";

process.on("message", (load: Load) => {
  void runLoad(load).then((result) => process.send?.(result));
});
