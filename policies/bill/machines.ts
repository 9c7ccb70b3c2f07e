/** Machines: as many as groups keep or their workloads need, and as many as groups may come to have. */
import { demandsOf } from "../demand/demands.ts";
import { machinesOf, type Machines } from "../demand/machines.ts";
import { placements } from "../demand/placement.ts";
import { sum, times } from "../demand/size.ts";
import type { Demand, Tell } from "../demand/types.ts";
import type { Graph } from "../framework/graph.ts";
import { allMonth, micros } from "../../targets/cost/money.ts";
import type { PriceBook } from "../../targets/cost/price-book.ts";
import type { Item } from "./types.ts";

export function machineItems(graph: Graph, { prices, assumptions }: PriceBook, tell: Tell): readonly Item[] {
  const machines = machinesOf(graph, tell);
  const placed = placements(machines, graph, demandsOf(graph, tell), tell);
  return machines.flatMap((each) => {
    const { name, spot, most, diskGiB } = each;
    if (most === 0) return [];
    const hourly = dearest(each, prices.instanceHour, tell);
    if (hourly === undefined) return [];
    const share = spot ? assumptions.spotShare.instance : 1;
    const month = (usdPerHour: number, count: number) =>
      allMonth(usdPerHour, count) + micros(prices.volume.gp3GbMonth * diskGiB, count);
    return [
      { name, desired: month(hourly * share, standing(each, placed.get(each) ?? [])), most: month(hourly, most) },
    ];
  });
}

/** Of a group of several types, AWS chooses which. */
function dearest(
  { name, types }: Machines,
  instanceHour: Readonly<Record<string, number | undefined>>,
  tell: Tell,
): number | undefined {
  if (types.length === 0) tell(`of which type ${name} is`);
  const known = types.flatMap((type) => {
    const hourly = instanceHour[type];
    if (hourly === undefined) tell(`the price of a ${type} (${name})`);
    return hourly ?? [];
  });
  return known.length === types.length && known.length > 0 ? Math.max(...known) : undefined;
}

/** At least what a group keeps, and what its workloads fill. No scheduler does with less, and none has more than there are. */
function standing({ each, desired, most }: Machines, guests: readonly Demand[]): number {
  const asked = sum(guests.map((guest) => times(guest.each, guest.desired)));
  const needed = (["vcpu", "memoryGiB", "gpus"] as const).map((dimension) =>
    asked[dimension] === 0 ? 0 : Math.ceil(asked[dimension] / each[dimension]),
  );
  return Math.min(most, Math.max(desired, ...needed));
}
