/** Tasks on Fargate, by their size and the time that they run. What stands on machines is paid for with those. */
import { forFargate, taskDefinitions } from "../compute/subjects.ts";
import { ecsDemands } from "../demand/ecs.ts";
import { providersOf } from "../demand/placement.ts";
import type { Demand, Tell } from "../demand/types.ts";
import type { Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { HOURS_PER_MONTH, micros } from "../../targets/cost/money.ts";
import type { PriceBook } from "../../targets/cost/price-book.ts";
import type { Item } from "./types.ts";

/** @source AWS Fargate pricing, 2026-07 */
const FREE_DISK_GIB = 20;
const SPOT = "FARGATE_SPOT";

export function taskItems(graph: Graph, { prices, assumptions }: PriceBook, tell: Tell): readonly Item[] {
  const providers = providersOf(graph, tell);
  const definitions = new Map(graph.all(taskDefinitions).map(({ resource, view }) => [resource, view]));
  return ecsDemands(graph, tell).flatMap((demand) => {
    const named = providers.get(demand.resource) ?? [];
    if (named.length > 0 && !named.some((each) => each.startsWith("FARGATE"))) return [];
    const rates = known(() => {
      const definition = definitions.get(demand.definition)?.() ?? {};
      if (!forFargate(definition)) return null;
      const { cpuArchitecture = "X86_64", operatingSystemFamily = "LINUX" } = definition.runtimePlatform ?? {};
      if (operatingSystemFamily !== "LINUX")
        tell(`the price of ${operatingSystemFamily} on Fargate (${demand.service})`);
      return operatingSystemFamily === "LINUX" ? prices.fargate[cpuArchitecture === "ARM64" ? "arm" : "x86"] : null;
    }, tell);
    if (!rates) return [];
    const share = named.every((each) => each === SPOT) && named.length > 0 ? assumptions.spotShare.fargate : 1;
    const { service: name, desired, most } = demand;
    const month = (count: number, part: number) => micros(hourly(demand, rates, prices, part), count * HOURS_PER_MONTH);
    return [{ name, desired: month(desired, share), most: month(most, 1) }];
  });
}

function hourly(
  { each: { vcpu, memoryGiB, storageGiB } }: Demand,
  { vcpuHour, gbHour }: { readonly vcpuHour: number; readonly gbHour: number },
  { fargate }: PriceBook["prices"],
  share: number,
): number {
  const disk = Math.max(0, storageGiB - FREE_DISK_GIB) * fargate.storageGbHour;
  return (vcpu * vcpuHour + memoryGiB * gbHour) * share + disk;
}
