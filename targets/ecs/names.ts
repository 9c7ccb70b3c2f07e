/** How the ECS form calls things. */
import { poolName } from "../../platform/conventions.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { UrlOf } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";
import { onFargate } from "./sizing.ts";

/** The seed's: `cryptotracker-api`. */
export function family(prefix: string, workload: Workload): string {
  return `${prefix}-${workload.slug}`;
}

/** FARGATE, FARGATE_SPOT or the name of a pool of EC2 instances, `cryptotracker-gpu-a10g-spot`. */
export function capacityProvider(prefix: string, workload: Workload): string {
  const { compute } = workload;
  if (onFargate(workload)) return compute.purchase === "spot" ? "FARGATE_SPOT" : "FARGATE";
  return `${prefix}-${poolName(compute.on, compute.purchase)}`;
}

/** What cost reports and operators look for. */
export function tags(workload: Workload, model: Model, { stack }: Settings): { key: string; value: string }[] {
  return [
    { key: "project", value: model.project },
    { key: "service", value: workload.name },
    { key: "stack", value: stack },
  ];
}

/** Service Connect's client alias: joins ECS services only, one label, no DNS record. */
export const serviceConnectUrl: UrlOf = ({ name, port }) => `http://${name}:${port}`;

/** Zones of the private tier, by their place in the settings; what is to be together is in the first. */
const ZONES = [0, 1, 2] as const;
export const ZONE_OF_ONE = ZONES[0];

/** Tasks run in the private subnets, in a security group of their own, without a public address. */
export function awsvpc(workload: Workload): {
  readonly awsvpcConfiguration: { subnets: string[]; securityGroups: string[]; assignPublicIp: "DISABLED" };
} {
  return {
    awsvpcConfiguration: {
      subnets: (isTogether(workload) ? [ZONE_OF_ONE] : ZONES).map((zone) =>
        placeholder("network", `private-${zone}`, "subnetId"),
      ),
      securityGroups: [placeholder("securityGroup", `workload-${workload.name}`, "id")],
      assignPublicIp: "DISABLED",
    },
  };
}

/** Neither Fargate nor EC2 has "near each other": a zone is named, and the task's network and its placement keep to it. */
export function isTogether({ kind, zones }: Workload): boolean {
  return kind !== "job" && zones === "together";
}
