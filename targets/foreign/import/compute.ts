/** What a replica is given → the model's compute. */
import type { Compute, Hardware } from "../../../platform/model/types.ts";
import { DEFAULT_EPHEMERAL_GIB } from "../../../platform/conventions.ts";
import { valueOr, type Reading } from "../seen.ts";
import type { Remarks } from "./remarks.ts";

/** Fargate's smallest pair; something has to stand where nothing is asked for. */
const LEAST = { cpu: 256, memory: 512 } as const;

export function computeOf({ main, whole }: Reading, remarks: Remarks): Compute {
  const { seen } = main;
  // Kubernetes' thousandths were rounded up from units.
  const units = Math.floor(valueOr(seen.cpu, 0) * 1024 + 1e-6);
  if (units === 0) remarks.add("compute", `made up: ${LEAST.cpu} CPU units, for the files reserve none`);
  const cpu = units === 0 ? LEAST.cpu : units;
  const cap = valueOr(seen.cpuCap, null);
  if (cap !== null && cap > (cpu + 1) / 1024)
    remarks.add("compute", `not said here: it may burst up to ${cap} vCPU and no further`);
  const hard = cap !== null && cap <= (cpu + 1) / 1024;
  return {
    cpu,
    cpuCap: hard ? "hard" : "burst",
    memory: memoryOf({ main, whole }, remarks),
    on: hardwareOf({ main, whole }, remarks),
    purchase: remarks.or("compute", whole.purchase, "onDemand", "taken to be bought on demand"),
    architecture: remarks.or("compute", whole.architecture, "x86_64", "taken to be x86_64"),
  };
}

type Part = Pick<Reading, "main" | "whole">;

/** The model guarantees what it limits. */
function memoryOf({ main: { seen } }: Part, remarks: Remarks): number {
  const [limit, guaranteed] = [valueOr(seen.memoryLimit, Infinity), valueOr(seen.memoryGuaranteed, 0)];
  const wanted = limit === Infinity ? guaranteed : limit;
  if (wanted === 0)
    remarks.add("compute", `made up: ${LEAST.memory} MiB, for the files neither reserve nor limit memory`);
  else if (limit === Infinity)
    remarks.add("compute", "not said here: that it may use more memory than it reserves, without a limit");
  else if (guaranteed < limit)
    remarks.add("compute", `not said here: only ${guaranteed} MiB of its memory are reserved`);
  return wanted === 0 ? LEAST.memory : Math.ceil(wanted);
}

function hardwareOf({ main: { seen }, whole }: Part, remarks: Remarks): Hardware {
  const disk = valueOr(whole.ephemeral, null);
  const ephemeral = disk === null || disk === DEFAULT_EPHEMERAL_GIB ? {} : { ephemeral: Math.ceil(disk) };
  const gpus = valueOr(seen.gpus, 0);
  const pool = remarks.or("compute", whole.pool, "general", "taken to run in the general pool");
  if (gpus > 0) {
    const model = remarks.or("compute", whole.gpuModel, null, "made up: the GPU's model");
    if (model !== null && model !== "a10g" && model !== "a100")
      remarks.add("compute", `not said here: its GPU is ${model}`);
    const shared = valueOr(seen.sharedMemory, null);
    const sharedMemory = shared === null ? {} : { sharedMemory: shared };
    return { pool: "gpu", gpus, gpu: model === "a100" ? "a100" : "a10g", ...sharedMemory, ...ephemeral };
  }
  if (valueOr(seen.sharedMemory, null) !== null) remarks.add("compute", "not said here: a size of /dev/shm of its own");
  if (pool === "memory" || pool === "iops" || pool === "general") return { pool, ...ephemeral };
  remarks.add("compute", `taken to run in the general pool; the files name the pool ${pool}`);
  return { pool: "general", ...ephemeral };
}
