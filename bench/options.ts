/** The command line of the benchmark. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export interface Options {
  /** Which measurements to take, by name: `grpc/trivial/c64/gateway`. */
  readonly pattern: RegExp;
  readonly quick: boolean;
  readonly rounds: number;
  /** Of every round, for each server. */
  readonly seconds: number;
  /** Python processes of every server. */
  readonly processes: number;
  /** Processors of the servers, the others being the load generator's; absent: two of four or more. */
  readonly cores?: number | "all";
  readonly seed: number;
  readonly python: string;
  /** Folder for `results.md`, `results.json` and the plots; absent: nothing is written. */
  readonly out?: string;
  /** CPU profiles of the gateway are written. */
  readonly profile: boolean;
  /** Only the usage is wanted. */
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [regex] [options]
  regex              only measurements whose name matches, for example '^grpc/.*/c64/gateway$'
  --quick            one round of one second
  --rounds <n>       rounds over all servers (3)
  --seconds <n>      seconds for each server and round (3)
  --processes <n>    Python processes of every server (half of the processors, at most 2)
  --cores <n|all>    processors of the server, the others being the load generator's; all: nobody is bound (2 of 4 or more)
  --seed <n>         of the order of the servers in each round (1)
  --python <path>    Python 3.11 (python3)
  --out <folder>     where results.md, results.json and plots go (bench for a whole run, else nowhere)
  --profile          CPU profiles of the gateway, below .cache/profiles`;

/**
 * @param whole folder for the results of a whole run
 * @throws Error that says what is wrong with the arguments
 */
export function parseOptions(argv: readonly string[], whole: string): Options {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      quick: flag,
      profile: flag,
      help: flag,
      rounds: text,
      seconds: text,
      processes: text,
      cores: text,
      seed: text,
      out: text,
      python: text,
    },
  });
  const [pattern, ...surplus] = positionals;
  if (surplus.length > 0) throw new Error(`One regular expression is enough: ${surplus.join(" ")}`);
  const { quick, profile, help, python = "python3", cores } = values;
  // A part of the measurements must not take the place of all of them.
  const out = values.out ?? (pattern === undefined && !quick && !profile ? whole : undefined);
  return {
    pattern: new RegExp(pattern ?? ""),
    quick,
    profile,
    help,
    rounds: count("--rounds", values.rounds, quick ? 1 : 3),
    seconds: count("--seconds", values.seconds, quick ? 1 : 3),
    processes: count("--processes", values.processes, Math.min(2, Math.max(1, availableParallelism() >> 1))),
    seed: count("--seed", values.seed, 1),
    python,
    ...(cores === undefined ? {} : { cores: cores === "all" ? cores : count("--cores", cores, 0) }),
    ...(out === undefined ? {} : { out }),
  };
}

function count(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`${name} takes a whole number from 1 to 999999.`);
}
