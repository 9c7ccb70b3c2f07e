/** On which machines a task runs, as far as names tell. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { told, untold, type Seen } from "../seen.ts";

export type Place = Seen<Pick<Behaviour, "pool" | "gpuModel" | "purchase">> & { readonly fargate: boolean };

interface Clues {
  readonly providers: readonly string[];
  readonly launchType: string | undefined;
  readonly mayFargate: boolean;
  readonly gpus: number;
  readonly instanceType: string | undefined;
}

/** A pool's name as ours is, `<project>-gpu-a10g-spot`. */
const POOL = /(?:^|-)(general|memory|iops|gpu)(?:-(a10g|a100))?(-spot)?$/;

/** Families of the instance types that the model has pools for. @source EC2 user guide, "instance types", 2026-11 */
const FAMILIES: readonly (readonly [RegExp, string, string | null])[] = [
  [/^p4d/, "gpu", "a100"],
  [/^g5\b/, "gpu", "a10g"],
  [/^(p|g)\d/, "gpu", null],
  [/^(r|x|z)\d/, "memory", null],
  [/^(i|d|h)\d/, "iops", null],
  [/^(t|m|c)\d/, "general", null],
];

export function placeOf({ providers, launchType, mayFargate, gpus, instanceType }: Clues): Place {
  const onFargate =
    providers.length > 0 ? providers.every((each) => each.startsWith("FARGATE")) : isFargate(launchType, mayFargate);
  if (onFargate)
    return { fargate: true, pool: told("general"), gpuModel: told(null), purchase: fargatePurchase(providers) };
  const [, pool, model = null, spot] = POOL.exec(providers[0] ?? "") ?? [];
  if (pool !== undefined && providers.length === 1) {
    const purchase = told(spot === undefined ? ("onDemand" as const) : ("spot" as const));
    return { fargate: false, pool: told(pool), gpuModel: told(model), purchase };
  }
  const [, family, gpu] = FAMILIES.find(([pattern]) => pattern.test(instanceType ?? "")) ?? [];
  const machines = providers.length > 0 ? `the machines of ${providers.join(" and ")}` : "the cluster's machines";
  const unknown = untold(`no file describes ${machines}`);
  return {
    fargate: false,
    pool: family !== undefined ? told(family) : gpus > 0 ? told("gpu") : unknown,
    gpuModel: gpu ? told(gpu) : gpus > 0 ? unknown : told(null),
    purchase: unknown,
  };
}

function isFargate(launchType: string | undefined, mayFargate: boolean): boolean {
  return launchType === undefined ? mayFargate : launchType === "FARGATE";
}

function fargatePurchase(providers: readonly string[]): Place["purchase"] {
  const spot = providers.filter((each) => each === "FARGATE_SPOT");
  if (spot.length === 0) return told("onDemand");
  return spot.length === providers.length ? told("spot") : untold("it is bought both ways, on demand and on spot");
}
