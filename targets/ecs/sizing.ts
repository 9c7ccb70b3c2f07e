/** Fargate sells CPU and memory in pairs. */
import type { CpuUnits, MiB, Problem, Result, Workload } from "../../platform/model/types.ts";

/** `memory`: smallest, largest and step, in MiB; `also` are sizes below the first step. */
interface FargateRow {
  readonly cpu: CpuUnits;
  readonly smallest: MiB;
  readonly largest: MiB;
  readonly step: MiB;
  readonly also?: readonly MiB[];
}

const GB = 1024;

/** @source AWS docs, "Fargate task definition parameters: task CPU and memory", read 2026-11 */
const ROWS: readonly FargateRow[] = [
  { cpu: 256, smallest: GB, largest: 2 * GB, step: GB, also: [512] },
  { cpu: 512, smallest: GB, largest: 4 * GB, step: GB },
  { cpu: 1024, smallest: 2 * GB, largest: 8 * GB, step: GB },
  { cpu: 2048, smallest: 4 * GB, largest: 16 * GB, step: GB },
  { cpu: 4096, smallest: 8 * GB, largest: 30 * GB, step: GB },
  { cpu: 8192, smallest: 16 * GB, largest: 60 * GB, step: 4 * GB },
  { cpu: 16384, smallest: 32 * GB, largest: 120 * GB, step: 8 * GB },
];

export interface FargateSize {
  readonly cpu: CpuUnits;
  readonly memory: MiB;
}

/** us-east-1, x86, per hour. @source AWS Fargate pricing page, 2026-07 */
const PRICE = { vcpu: 0.04048, gb: 0.004445 } as const;

/** The cheapest pair that holds both; a problem `fargate-size` at the given path when nothing does. */
export function fargateSize(need: FargateSize, path: string): Result<FargateSize> {
  const [cheapest] = ROWS.flatMap((row) => {
    const memory = row.cpu >= need.cpu ? memoryIn(row, need.memory) : undefined;
    return memory === undefined ? [] : [{ cpu: row.cpu, memory }];
  }).sort((a, b) => price(a) - price(b));
  if (cheapest) return { ok: true, value: cheapest };
  return { ok: false, problems: [tooLarge(need, path)] };
}

function memoryIn({ smallest, largest, step, also = [] }: FargateRow, need: MiB): MiB | undefined {
  const below = also.find((size) => size >= need);
  if (below !== undefined) return below;
  const size = Math.max(smallest, smallest + Math.ceil((need - smallest) / step) * step);
  return size <= largest ? size : undefined;
}

function price({ cpu, memory }: FargateSize): number {
  return (cpu / 1024) * PRICE.vcpu + (memory / GB) * PRICE.gb;
}

function tooLarge({ cpu, memory }: FargateSize, path: string): Problem {
  return {
    code: "fargate-size",
    path,
    found: `${cpu / 1024} vCPU and ${memory / GB} GB`,
    allowed: "16 vCPU and 120 GB are Fargate's most; a larger workload needs an EC2 pool (memory or iops)",
  };
}

/** Fargate takes no GPU and no choice of hardware: everything but the general pool is EC2 capacity. */
export function onFargate({ compute }: Workload): boolean {
  return compute.on.pool === "general";
}
