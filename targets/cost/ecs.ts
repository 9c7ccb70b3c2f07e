/** ECS tasks: Fargate by its size and time, EC2 by the machines that a pool takes. */
import type { Model, Result } from "../../platform/model/types.ts";
import { poolName } from "../../platform/conventions.ts";
import { usableMemory } from "../ecs/density.ts";
import { pools, type Pool } from "../ecs/pools.ts";
import type { Amounts } from "../eks/packing.ts";
import type { Demand } from "./demand.ts";
import { fleetParts, type Fleet, type Tenant } from "./fleets.ts";
import { levels, micros } from "./money.ts";
import { together, type Part } from "./parts.ts";
import type { PriceBook } from "./price-book.ts";

const MIB_PER_GB = 1024;
/** @source AWS Fargate pricing, 2026-07 */
const FREE_DISK_GB = 20;

/** A part for each workload. */
export function ecsParts(demands: readonly Demand[], model: Model, book: PriceBook): Result<readonly Part[]> {
  const onFargate = demands.filter(({ pool }) => pool === "general").map((demand) => fargatePart(demand, book));
  const onMachines = pools(model).map((pool) => {
    const tenants = demands.filter((demand) => poolOf(demand, model) === pool.name).map(tenantOf);
    return fleetParts(fleetOf(pool), tenants, book);
  });
  return together([{ ok: true, value: onFargate }, ...onMachines]);
}

export function fargatePart(demand: Demand, { prices, assumptions }: PriceBook): Part {
  const { name, vcpu, memory, disk, architecture, spot, replicas, hours, job } = demand;
  const { vcpuHour, gbHour } = prices.fargate[architecture === "arm64" ? "arm" : "x86"];
  const share = spot ? assumptions.spotShare.fargate : 1;
  const storage = Math.max(0, (disk ?? 0) - FREE_DISK_GB) * prices.fargate.storageGbHour;
  const hourly = (vcpu * vcpuHour + (memory / MIB_PER_GB) * gbHour) * share + storage;
  const monthly = levels((level) => micros(hourly, replicas[level] * hours));
  return { name, kind: "workload", estimated: spot || job, monthly };
}

function poolOf({ pool, gpuModel, spot }: Demand, { prefix }: Model): string {
  const hardware = gpuModel === null ? { pool } : { pool, gpu: gpuModel };
  return `${prefix}-${poolName(hardware, spot ? "spot" : "onDemand")}`;
}

/** Machines come and go with their tasks; spot is priced as the type that the others stand in for. */
function fleetOf({ name, spot, rootVolume, mostInstances, types: [type] }: Pool): Fleet {
  return {
    name,
    instanceType: type.name,
    spot,
    rootVolume,
    offered: {
      milliCpu: type.vcpu * 1000,
      memory: usableMemory(type),
      gpus: type.gpus,
      // The instance keeps one interface, each task takes another.
      pods: type.interfaces - 1,
      branchInterfaces: 0,
    },
    least: 0,
    most: mostInstances,
  };
}

function tenantOf({ name, vcpu, memory, gpus, replicas, hours }: Demand): Tenant {
  const need: Amounts = { milliCpu: vcpu * 1000, memory, gpus, pods: 1, branchInterfaces: 0 };
  return { name, kind: "workload", need, replicas, hours };
}
