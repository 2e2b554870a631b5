/** A program of its own: prints the digest of every contract file of a large contract, one per line. */
import { createHash } from "node:crypto";
import { contractFiles } from "../../src/contract-files.js";
import { largeContract } from "./large-contract.js";

for (const { path, content } of contractFiles(largeContract(50, 2000))) {
  process.stdout.write(`${path} ${createHash("sha256").update(content).digest("hex")}\n`);
}
