/** Amounts of what a workload takes and a machine gives, in the units in which limits are written. */

export interface Size {
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly gpus: number;
  /** Disk that belongs to a replica and goes with it. */
  readonly storageGiB: number;
}

export const DIMENSIONS = ["vcpu", "memoryGiB", "gpus", "storageGiB"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const UNITS: Readonly<Record<Dimension | "replicas", string>> = {
  vcpu: "vCPU",
  memoryGiB: "GiB of memory",
  gpus: "GPUs",
  storageGiB: "GiB of disk",
  replicas: "replicas",
};

export const NOTHING: Size = { vcpu: 0, memoryGiB: 0, gpus: 0, storageGiB: 0 };

function combined(a: Size, b: Size, how: (a: number, b: number) => number): Size {
  return {
    vcpu: how(a.vcpu, b.vcpu),
    memoryGiB: how(a.memoryGiB, b.memoryGiB),
    gpus: how(a.gpus, b.gpus),
    storageGiB: how(a.storageGiB, b.storageGiB),
  };
}

export function sum(sizes: readonly Size[]): Size {
  return sizes.reduce((total, size) => combined(total, size, (a, b) => a + b), NOTHING);
}

/** In each dimension the larger: containers that run after each other. */
export function larger(a: Size, b: Size): Size {
  return combined(a, b, Math.max);
}

export function times(size: Size, count: number): Size {
  // Nothing of something endless is nothing.
  return combined(size, NOTHING, (amount) => (count === 0 ? 0 : amount * count));
}

/** Three digits that matter, and words where there is no end. */
export function shown(amount: number): string {
  return Number.isFinite(amount) ? String(Number(amount.toPrecision(4))) : "no limit on";
}
