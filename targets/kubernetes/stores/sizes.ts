/** What a store's pod is given. Workloads' sizes stand in the catalogue, never here. */
import type { CpuUnits, GiB, MiB } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { StoreKind } from "./images.ts";

export interface StoreSize {
  readonly cpu: CpuUnits;
  readonly memory: MiB;
  readonly disk: GiB;
  readonly replicas: number;
}

type Sizes = Readonly<Record<StoreKind, StoreSize>>;

const SMALL: Sizes = {
  postgres: { cpu: 512, memory: 2048, disk: 20, replicas: 1 },
  redis: { cpu: 128, memory: 512, disk: 2, replicas: 1 },
  kafka: { cpu: 512, memory: 1536, disk: 20, replicas: 1 },
  queues: { cpu: 128, memory: 512, disk: 2, replicas: 1 },
  objects: { cpu: 128, memory: 512, disk: 20, replicas: 1 },
};

/** Kafka keeps three copies of everything; the others are one server each, which comes back with its disk. */
const LARGE: Sizes = {
  postgres: { cpu: 4096, memory: 16384, disk: 200, replicas: 1 },
  redis: { cpu: 1024, memory: 4096, disk: 20, replicas: 1 },
  kafka: { cpu: 2048, memory: 6144, disk: 500, replicas: 3 },
  queues: { cpu: 512, memory: 2048, disk: 20, replicas: 1 },
  objects: { cpu: 1024, memory: 2048, disk: 500, replicas: 1 },
};

export function storeSize(kind: StoreKind, { profile }: Settings): StoreSize {
  return profile === "prod" ? LARGE[kind] : SMALL[kind];
}
