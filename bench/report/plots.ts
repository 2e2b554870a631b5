/** The plots of a run: for each group and workload, calls answered in a second, and latencies. */
import { CALLS_FOR, type Measurement } from "../measurement.js";
import { SERVERS } from "../servers.js";
import { drawBars, type Bar, type BarGroup } from "./svg.js";

export interface Plot {
  readonly title: string;
  /** Relative to the report: `plots/grpc-trivial-calls.svg`. */
  readonly file: string;
  readonly svg: string;
}

const PERCENTILES = [
  ["p50", "p50"],
  ["p99", "p99"],
  ["p999", "p99.9"],
] as const;

/** All plots, in the order of the measurements. */
export function plotsOf(measurements: readonly Measurement[]): readonly Plot[] {
  const families = new Set(measurements.map(familyOf));
  return [...families].flatMap((family) => {
    const own = measurements.filter((measurement) => familyOf(measurement) === family);
    const closed = own.filter(({ offeredPerSecond }) => offeredPerSecond === undefined);
    return [
      ...plot(family, "calls", `${family}: calls answered in a second`, callsOf(closed), "linear"),
      ...plot(family, "latency", `${family}: latency in milliseconds, by factors`, latenciesOf(own), "log"),
    ];
  });
}

/** `grpc/trivial` of `grpc/trivial/c64`. */
function familyOf({ case: name }: Measurement): string {
  return name.split("/").slice(0, 2).join("/");
}

function plot(
  family: string,
  what: string,
  title: string,
  groups: readonly BarGroup[],
  scale: "linear" | "log",
): readonly Plot[] {
  if (!groups.some(({ bars }) => bars.some(({ value }) => value > 0))) return [];
  const file = `plots/${family.replace("/", "-")}-${what}.svg`;
  return [{ title, file, svg: drawBars(title, groups, scale) }];
}

function callsOf(measurements: readonly Measurement[]): readonly BarGroup[] {
  return byCase(measurements, ({ server, summary }) => [
    bar(server, summary.callsPerSecond, summary.callsPerSecond.toFixed(0), seriesOf(server)),
  ]);
}

/** A bar for each percentile of a server: the label stands beside the first. */
function latenciesOf(measurements: readonly Measurement[]): readonly BarGroup[] {
  return byCase(measurements, ({ server, summary, calls }) =>
    PERCENTILES.filter(([key]) => calls >= CALLS_FOR[key]).map(([key, name], index) =>
      bar(index === 0 ? server : "", summary[key], `${name} ${summary[key].toFixed(2)}`, seriesOf(server)),
    ),
  );
}

function byCase(
  measurements: readonly Measurement[],
  barsOf: (measurement: Measurement) => readonly Bar[],
): readonly BarGroup[] {
  const cases = [...new Set(measurements.map((measurement) => measurement.case))];
  return cases.map((name) => ({
    heading: name.split("/").slice(2).join("/"),
    bars: measurements.filter((measurement) => measurement.case === name).flatMap(barsOf),
  }));
}

/** A server that answered nothing has no latency: its bar has no length. */
function bar(label: string, value: number, text: string, series: number): Bar {
  return Number.isFinite(value) ? { label, value, text, series } : { label, value: 0, text: "-", series };
}

/** The same server has the same colour in every plot. */
function seriesOf(server: string): number {
  return Math.max(
    0,
    SERVERS.findIndex(({ name }) => name === server),
  );
}
