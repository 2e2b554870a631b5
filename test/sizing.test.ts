import assert from "node:assert/strict";
import { test } from "node:test";
import { readCgroupLimits, type CgroupLimits } from "../src/cgroup.js";
import { planSizes, readResources, type SizeRequest, type Sizes } from "../src/sizing.js";

const MB = 1024 * 1024;
const UNLIMITED_V1 = "9223372036854771712\n";
const POD = "/kubepods/burstable/podc101fead-5fa2-4525-97af-5894973b336e";
const CONTAINER = `${POD}/2b7a2f7fb72575bb50a46d68cceaf43a12a597184714cb33af2f6420f5314293`;
const DOCKER = "/docker/a2ffe0e97ac22657a2a023ad628e9df837c38a03b1ebc904d3f6d644eb1a1a81";
const SLICE = "/kubepods-burstable-podb96a7488_3ee1_4bdc_9c98_155cc887b417.slice:cri-containerd:6ef14b5a76df";

interface Layout {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly limits: CgroupLimits;
}

/** As found in the field; lines that say nothing about groups are left out. */
const LAYOUTS: readonly Layout[] = [
  {
    name: "docker, version 2, in a namespace of its own",
    files: {
      "/proc/self/cgroup": "0::/\n",
      "/proc/self/mountinfo":
        "477 473 0:149 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro\n" +
        "486 477 0:30 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n",
      "/sys/fs/cgroup/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/memory.max": "536870912\n",
    },
    limits: { cpus: 1.5, memoryBytes: 512 * MB },
  },
  {
    name: "docker, version 2, without limits",
    files: {
      "/proc/self/cgroup": "0::/\n",
      "/proc/self/mountinfo": "486 477 0:30 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n",
      "/sys/fs/cgroup/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/memory.max": "max\n",
    },
    limits: {},
  },
  {
    name: "docker, version 1, where the host's paths show",
    files: {
      "/proc/self/cgroup": `9:memory:${DOCKER}\n3:cpu,cpuacct:${DOCKER}\n1:name=systemd:${DOCKER}\n0::/system.slice/containerd.service\n`,
      "/proc/self/mountinfo":
        `7 5 0:6 ${DOCKER} /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:7 - cgroup cgroup rw,cpu,cpuacct\n` +
        `8 5 0:7 ${DOCKER} /sys/fs/cgroup/memory ro,nosuid master:8 - cgroup cgroup rw,memory\n` +
        `8 5 0:7 ${DOCKER}/memory.vmstat /sys/fs/cgroup/vmstat rw,nosuid master:8 - cgroup cgroup rw,memory\n`,
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "268435456\n",
    },
    limits: { cpus: 0.5, memoryBytes: 256 * MB },
  },
  {
    name: "Kubernetes, version 1, without limits",
    files: {
      "/proc/self/cgroup": `4:memory:${CONTAINER}\n2:cpu:${CONTAINER}\n`,
      "/proc/self/mountinfo":
        `396 394 0:21 ${CONTAINER} /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu\n` +
        `397 394 0:22 ${CONTAINER} /sys/fs/cgroup/memory ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,memory\n`,
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED_V1,
    },
    limits: { memoryBytes: Number(UNLIMITED_V1) },
  },
  {
    name: "Kubernetes on containerd, version 1, with colons in the path",
    files: {
      "/proc/self/cgroup": `9:cpu,cpuacct:/system.slice${SLICE}\n4:memory:/system.slice${SLICE}\n`,
      "/proc/self/mountinfo":
        `1 0 0:21 /system.slice${SLICE} /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n` +
        `2 0 0:22 /system.slice${SLICE} /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n`,
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "400000\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n",
    },
    limits: { cpus: 4, memoryBytes: 1024 * MB },
  },
  {
    name: "Kubernetes in Docker, version 1: the mounted group is called otherwise than ours",
    files: {
      "/proc/self/cgroup": `4:memory:${CONTAINER}\n`,
      "/proc/self/mountinfo": `1801 1790 0:41 ${DOCKER}${CONTAINER} /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n`,
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "134217728\n",
    },
    limits: { memoryBytes: 128 * MB },
  },
  {
    name: "Kubernetes, version 2, privileged: the host's whole tree; the pod is stricter than the container",
    files: {
      "/proc/self/cgroup": `0::${CONTAINER}\n`,
      "/proc/self/mountinfo":
        "34 33 0:29 / /sys/fs/cgroup rw,nosuid shared:10 - cgroup2 cgroup rw,nsdelegate\n",
      [`/sys/fs/cgroup${CONTAINER}/cpu.max`]: "max 100000\n",
      [`/sys/fs/cgroup${CONTAINER}/memory.max`]: "2147483648\n",
      [`/sys/fs/cgroup${POD}/cpu.max`]: "200000 100000\n",
      [`/sys/fs/cgroup${POD}/memory.max`]: "1073741824\n",
      "/sys/fs/cgroup/kubepods/memory.max": "33000000000\n",
    },
    limits: { cpus: 2, memoryBytes: 1024 * MB },
  },
  {
    name: "a systemd service in a slice with a quota, version 2",
    files: {
      "/proc/self/cgroup": "0::/decisions.slice/artifact-gateway.service\n",
      "/proc/self/mountinfo": "34 33 0:29 / /sys/fs/cgroup rw shared:10 - cgroup2 cgroup2 rw,nsdelegate\n",
      "/sys/fs/cgroup/decisions.slice/artifact-gateway.service/memory.max": "max\n",
      "/sys/fs/cgroup/decisions.slice/memory.max": "4294967296\n",
      "/sys/fs/cgroup/decisions.slice/cpu.max": "250000 100000\n",
    },
    limits: { cpus: 2.5, memoryBytes: 4096 * MB },
  },
  {
    name: "both versions side by side, the limits in version 1",
    files: {
      "/proc/self/cgroup": "4:memory:/process_api/d7799b6f\n2:cpuacct:/\n1:cpu:/\n0::/\n",
      "/proc/self/mountinfo":
        "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n" +
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n" +
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED_V1,
      "/sys/fs/cgroup/memory/process_api/memory.limit_in_bytes": "1073741824\n",
      "/sys/fs/cgroup/memory/process_api/d7799b6f/memory.limit_in_bytes": UNLIMITED_V1,
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
    },
    limits: { memoryBytes: 1024 * MB },
  },
  {
    name: "a group outside of the namespace, mounted under a path with a space",
    files: {
      "/proc/self/cgroup": "0::/../other\n",
      "/proc/self/mountinfo": "34 33 0:29 /.. /mnt/c\\040group rw - cgroup2 cgroup rw\n",
      "/mnt/c group/memory.max": "max\n",
      "/mnt/c group/other/memory.max": "104857600\n",
    },
    limits: { memoryBytes: 100 * MB },
  },
  { name: "macOS: no groups at all", files: {}, limits: {} },
  {
    name: "files that say nothing sensible",
    files: {
      "/proc/self/cgroup": "0::/\nnonsense\n\n",
      "/proc/self/mountinfo": "486 477 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n - \nx - y\n",
      "/sys/fs/cgroup/cpu.max": "100000 0\n",
      "/sys/fs/cgroup/memory.max": "0x10\n",
    },
    limits: {},
  },
];

for (const { name, files, limits } of LAYOUTS) {
  test(`limits of control groups: ${name}`, () => {
    assert.deepEqual(
      readCgroupLimits((path) => (Object.hasOwn(files, path) ? files[path] : undefined)),
      limits,
    );
  });
}

test("what may be used is the smaller of the machine and its groups", () => {
  const [docker] = LAYOUTS;
  const read = (path: string): string | undefined => docker?.files[path];
  assert.deepEqual(readResources({ read, parallelism: 8, memoryBytes: 64 * 1024 * MB }), {
    cpus: 1.5,
    memoryBytes: 512 * MB,
  });
  assert.deepEqual(readResources({ read, parallelism: 1, memoryBytes: 256 * MB }), {
    cpus: 1,
    memoryBytes: 256 * MB,
  });
  const none = { read: () => undefined, parallelism: 8, memoryBytes: 16 * MB };
  assert.deepEqual(readResources(none), { cpus: 8, memoryBytes: 16 * MB });
});

test("this machine has something to use", () => {
  const { cpus, memoryBytes } = readResources();
  assert.ok(cpus > 0 && Number.isFinite(cpus) && memoryBytes > 0 && Number.isFinite(memoryBytes));
});

const GB = 1024 * MB;

const PLANS: readonly { readonly name: string; readonly given: SizeRequest; readonly planned: Sizes }[] = [
  {
    name: "half a processor is one process",
    given: { cpus: 0.5, memoryBytes: 4 * GB },
    planned: { processes: 1, nativeThreads: 1 },
  },
  { name: "one", given: { cpus: 1, memoryBytes: 4 * GB }, planned: { processes: 1, nativeThreads: 1 } },
  {
    name: "two are both used",
    given: { cpus: 2, memoryBytes: 4 * GB },
    planned: { processes: 2, nativeThreads: 1 },
  },
  {
    name: "part of one is no process",
    given: { cpus: 2.9, memoryBytes: 4 * GB },
    planned: { processes: 2, nativeThreads: 1 },
  },
  {
    name: "of four one is Node's",
    given: { cpus: 4, memoryBytes: 24 * GB },
    planned: { processes: 3, nativeThreads: 1 },
  },
  {
    name: "no end of them",
    given: { cpus: 128, memoryBytes: 512 * GB },
    planned: { processes: 32, nativeThreads: 4 },
  },
  {
    name: "little memory",
    given: { cpus: 8, memoryBytes: 512 * MB },
    planned: { processes: 2, nativeThreads: 4 },
  },
  {
    name: "a spare takes memory, too",
    given: { cpus: 8, memoryBytes: 512 * MB, spareProcesses: 1 },
    planned: { processes: 1, nativeThreads: 8 },
  },
  {
    name: "too little memory",
    given: { cpus: 8, memoryBytes: 64 * MB },
    planned: { processes: 1, nativeThreads: 8 },
  },
  {
    name: "declared memory bounds their number and each of them",
    given: { cpus: 8, memoryBytes: 2 * GB, memoryPerProcessMb: 400, spareProcesses: 1 },
    planned: { processes: 3, nativeThreads: 2, memoryLimitMb: 400 },
  },
  {
    name: "the deployer's own number",
    given: { cpus: 8, memoryBytes: 512 * MB, processes: 5 },
    planned: { processes: 5, nativeThreads: 1 },
  },
];

for (const { name, given, planned } of PLANS) {
  test(`sizes: ${name}`, () => {
    assert.deepEqual(planSizes(given), planned);
  });
}
