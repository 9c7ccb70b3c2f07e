/** What a workload needs → `resources.requests` and `resources.limits`. */
import { DEFAULT_EPHEMERAL_GIB } from "../../platform/conventions.ts";
import type { Compute } from "../../platform/model/types.ts";
import { cpuQuantity, diskQuantity, memoryQuantity } from "./quantities.ts";

type Quantities = Record<string, string>;

/**
 * Memory: request = limit, so a node is never overcommitted. CPU: a limit only where the model asks for a hard cap,
 * for throttling hurts tail latency. GPUs: Kubernetes wants request = limit.
 */
export function resources({ cpu, cpuCap, memory, on }: Compute): { requests: Quantities; limits: Quantities } {
  const memoryLimit = memoryQuantity(memory);
  const gpus: Quantities = on.pool === "gpu" ? { "nvidia.com/gpu": String(on.gpus) } : {};
  return {
    requests: {
      cpu: cpuQuantity(cpu),
      "ephemeral-storage": on.ephemeral === undefined ? SCRATCH : diskQuantity(on.ephemeral),
      memory: memoryLimit,
      ...gpus,
    },
    limits: {
      ...(cpuCap === "hard" ? { cpu: cpuQuantity(cpu) } : {}),
      "ephemeral-storage": diskQuantity(on.ephemeral ?? DEFAULT_EPHEMERAL_GIB),
      memory: memoryLimit,
      ...gpus,
    },
  };
}

/** With a read-only root nothing but logs and /tmp is written: who asks for no disk reserves little and may grow to the default. */
const SCRATCH = diskQuantity(1);
