/** What an EC2 instance type holds, by the rule that its name follows. @source EC2 user guide, "Instance types", 2026-11 */
import type { Size } from "./size.ts";

/** Family → GiB of memory for each vCPU. */
const RATIOS: Readonly<Record<string, number>> = {
  c: 2,
  m: 4,
  t: 4,
  r: 8,
  x: 16,
  i: 8,
  g: 4,
  p4d: 12,
  p4de: 12,
  p5: 2048 / 192,
};

/** Burstable types below `large`, which follow no rule. */
const SMALL: Readonly<Record<string, { readonly vcpu: number; readonly memoryGiB: number }>> = {
  nano: { vcpu: 2, memoryGiB: 0.5 },
  micro: { vcpu: 2, memoryGiB: 1 },
  small: { vcpu: 2, memoryGiB: 2 },
  medium: { vcpu: 2, memoryGiB: 4 },
};

/** Size of a G family → its GPUs, where there is more than one. */
const GPUS: Readonly<Record<string, number>> = { "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 };
const ACCELERATED = 8;

/** Undefined for a type that it can't tell. */
export function holds(type: string): Size | undefined {
  const [family = "", size = ""] = type.split(".");
  const small = family.startsWith("t") ? SMALL[size] : undefined;
  if (small) return { ...small, gpus: 0, storageGiB: 0 };
  const vcpu = vcpus(size);
  const ratio = RATIOS[family] ?? RATIOS[/^[a-z]+(?=\d)/.exec(family)?.[0] ?? ""];
  if (vcpu === undefined || ratio === undefined) return undefined;
  return { vcpu, memoryGiB: vcpu * ratio, gpus: gpus(family, size), storageGiB: 0 };
}

/** `large` is 2, `xlarge` 4, `4xlarge` 16. */
function vcpus(size: string): number | undefined {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times || "1");
}

function gpus(family: string, size: string): number {
  if (family.startsWith("p")) return ACCELERATED;
  return family.startsWith("g") ? (GPUS[size] ?? 1) : 0;
}
