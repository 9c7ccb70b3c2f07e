/**
 * Machines of one kind and who pays for them. Every machine is paid for as a whole; each tenant carries the share of the
 * fleet that it asks for out of all that is asked for, so what stands idle is shared in the same proportion.
 */
import type { GiB, Problem, Result } from "../../platform/model/types.ts";
import type { Amounts, Batch } from "../eks/packing.ts";
import { machinesFor, shareOf } from "./machines.ts";
import { apportion, fixed, HOURS_PER_MONTH, levels, micros, type Level, type Levels, type Micros } from "./money.ts";
import type { Part } from "./parts.ts";
import { noPrice, type PriceBook } from "./price-book.ts";

export interface Fleet {
  readonly name: string;
  readonly instanceType: string;
  readonly spot: boolean;
  readonly rootVolume: GiB;
  /** What one machine has for tasks or pods. */
  readonly offered: Amounts;
  /** Machines that run whatever is asked for, and those that there can be at most. */
  readonly least: number;
  readonly most: number;
}

/** Something that runs on a fleet: a workload, or what a cluster runs for itself. */
export interface Tenant extends Pick<Part, "name" | "kind"> {
  readonly need: Amounts;
  readonly replicas: Levels<number>;
  /** Hours of a month; what runs for less than all of them is a job. */
  readonly hours: number;
}

/** What so many machine hours cost. */
type Cost = (machineHours: number) => Micros;

/**
 * A part for each tenant, or one for the fleet itself where it runs without any. A job is counted at its worst: each of
 * its runs brings machines of its own.
 */
export function fleetParts(fleet: Fleet, tenants: readonly Tenant[], book: PriceBook): Result<readonly Part[]> {
  const { instanceType, offered } = fleet;
  const hourly = book.prices.instanceHour[instanceType];
  const tooLarge = tenants.filter(({ need }) => shareOf(need, offered) > 1).map((each) => noMachine(each, fleet));
  if (hourly === undefined) {
    const missing = noPrice(["instanceHour", instanceType], fleet.name);
    return { ok: false, problems: [missing, ...tooLarge] };
  }
  if (tooLarge.length > 0) return { ok: false, problems: tooLarge };
  const cost: Cost = (machineHours) => costOf(fleet, hourly, machineHours, book);
  const staying = tenants.filter(({ hours }) => hours === HOURS_PER_MONTH);
  const jobs = tenants.filter(({ hours }) => hours < HOURS_PER_MONTH);
  return { ok: true, value: [...stayingParts(fleet, staying, cost), ...jobs.map((job) => jobPart(job, fleet, cost))] };
}

function stayingParts(fleet: Fleet, tenants: readonly Tenant[], cost: Cost): readonly Part[] {
  const { name, least, most, offered, spot } = fleet;
  const bill = levels((level) => {
    const machines = Math.max(least, Math.min(most, machinesFor(batchesAt(tenants, level), offered)));
    return cost(machines * HOURS_PER_MONTH);
  });
  if (tenants.length === 0) {
    return least === 0 ? [] : [{ name, kind: "capacity", estimated: spot, monthly: fixed(bill.min) }];
  }
  const shares = levels((level) =>
    apportion(
      bill[level],
      tenants.map(({ need, replicas }) => replicas[level] * shareOf(need, offered)),
    ),
  );
  return tenants.map((tenant, index) => ({
    name: tenant.name,
    kind: tenant.kind,
    estimated: spot,
    monthly: levels((level) => shares[level][index] ?? 0),
  }));
}

function jobPart(job: Tenant, { offered }: Fleet, cost: Cost): Part {
  const monthly = levels((level) => cost(machinesFor(batchesAt([job], level), offered) * job.hours));
  return { name: job.name, kind: job.kind, estimated: true, monthly };
}

function batchesAt(tenants: readonly Tenant[], level: Level): readonly Batch[] {
  return tenants.map(({ need, replicas }) => ({ need, count: replicas[level] }));
}

/** Detailed monitoring and traffic between zones are left out. */
function costOf({ spot, rootVolume }: Fleet, hourly: number, machineHours: number, book: PriceBook): Micros {
  const share = spot ? book.assumptions.spotShare.instance : 1;
  const volume = micros(book.prices.volume.gp3GbMonth * rootVolume, machineHours / HOURS_PER_MONTH);
  return micros(hourly * share, machineHours) + volume;
}

function noMachine({ name, need }: Tenant, { instanceType, offered }: Fleet): Problem {
  const amounts = (each: Amounts): string =>
    `${each.milliCpu / 1000} vCPU, ${each.memory} MiB, ${each.gpus} GPUs and a place for ${each.pods}`;
  return {
    code: "no-machine",
    path: `services.${name}.compute`,
    found: amounts(need),
    allowed: `what a ${instanceType} has: ${amounts(offered)}`,
  };
}
