/** What the control groups of Linux allow this process: cgroups(7) for v1 and v2, proc(5) for the two files read here. */

/** Text of a file, or undefined when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

export interface CgroupLimits {
  /** Processors, perhaps a part of one; absent: no quota. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

/**
 * The strictest limits of this process's groups and of all groups above them that can be seen from here.
 * Empty where there are no control groups, as on macOS.
 */
export function readCgroupLimits(read: ReadText): CgroupLimits {
  const groups = parseGroups(read("/proc/self/cgroup") ?? "");
  const mounts = parseMounts(read("/proc/self/mountinfo") ?? "");
  const folders = (controller: Controller): string[] => foldersOf(controller, groups, mounts);
  const cpus = lowest([
    ...folders("v2").map((folder) => quotaOf(...pair(read(`${folder}/cpu.max`)))),
    ...folders("cpu").map((folder) =>
      quotaOf(read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`)),
    ),
  ]);
  const memoryBytes = lowest([
    ...folders("v2").map((folder) => positive(read(`${folder}/memory.max`))),
    ...folders("memory").map((folder) => positive(read(`${folder}/memory.limit_in_bytes`))),
  ]);
  return { ...(cpus === undefined ? {} : { cpus }), ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}

/** `v2` is the one hierarchy of version 2; the others are hierarchies of version 1. */
type Controller = "v2" | "cpu" | "memory";

/** The group of this process in each hierarchy. */
type Groups = ReadonlyMap<Controller, string>;

interface Mount {
  readonly controllers: readonly Controller[];
  /** The group that is mounted, and where. */
  readonly root: string;
  readonly point: string;
}

function isController(name: string): name is Controller {
  return name === "cpu" || name === "memory";
}

/** Lines `hierarchy:controllers:path`; the path can have colons of its own. */
function parseGroups(text: string): Groups {
  const groups = new Map<Controller, string>();
  for (const line of text.split("\n")) {
    const [, hierarchy, names = "", path = ""] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (hierarchy === "0" && names === "") groups.set("v2", path);
    for (const name of names.split(",").filter(isController)) groups.set(name, path);
  }
  return groups;
}

/** Lines `id parent device root point options fields… - type source options`. */
function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [left = "", right = ""] = line.split(" - ");
    const [, , , root, point] = left.split(" ");
    const [type, , options = ""] = right.split(" ");
    if (root === undefined || point === undefined) return [];
    const place = { root: unescape(root), point: unescape(point) };
    if (type === "cgroup2") return [{ ...place, controllers: ["v2"] }];
    return type === "cgroup" ? [{ ...place, controllers: options.split(",").filter(isController) }] : [];
  });
}

/** Spaces and the like are written as `\040`. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The folders of this process's group and of those above it. */
function foldersOf(controller: Controller, groups: Groups, mounts: readonly Mount[]): string[] {
  const group = groups.get(controller);
  if (group === undefined) return [];
  const usable = mounts.filter(({ controllers }) => controllers.includes(controller));
  const within = usable.filter(({ root }) => below(root, group) !== undefined);
  // A container can have its own group mounted under a path that the host, or its namespace, calls otherwise.
  return (within.length > 0 ? within : usable).flatMap(({ root, point }) =>
    chain(point, below(root, group) ?? ""),
  );
}

/** The part of a group's path below a mounted one: empty for that group itself, absent when it is not in there. */
function below(root: string, group: string): string | undefined {
  const top = root.replace(/\/$/, "");
  return group === top || group.startsWith(`${top}/`)
    ? group.slice(top.length).replace(/\/$/, "")
    : undefined;
}

/** A folder and all above it, down to the mount point. */
function chain(point: string, path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return [...names.keys(), names.length].map((count) => [point, ...names.slice(0, count)].join("/"));
}

function pair(text = ""): [string | undefined, string | undefined] {
  const [quota, period] = text.trim().split(/\s+/);
  return [quota, period];
}

function quotaOf(quota: string | undefined, period: string | undefined): number | undefined {
  const [part, whole] = [positive(quota), positive(period)];
  return part === undefined || whole === undefined ? undefined : part / whole;
}

/** `max` and -1 say that there is no limit. */
function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,20}\s*$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

function lowest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
