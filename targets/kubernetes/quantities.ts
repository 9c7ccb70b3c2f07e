/** Numbers → Kubernetes quantities, in the canonical form that the API server gives back. */
import type { CpuUnits, GiB, MiB } from "../../platform/model/types.ts";

/** 1024 units are 1000 millicores; what does not divide is rounded up: 256 → `250m`, 1024 → `1`. */
export function cpuQuantity(units: CpuUnits): string {
  const millicores = Math.ceil((units * 1000) / 1024);
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** 512 → `512Mi`, 2048 → `2Gi`. */
export function memoryQuantity(mebibytes: MiB): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

export function diskQuantity(gibibytes: GiB): string {
  return `${gibibytes}Gi`;
}
