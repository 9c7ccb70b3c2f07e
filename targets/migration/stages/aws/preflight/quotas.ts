/** Whether the account's quotas hold the new side beside the old one, with everything on it at its most. */
import { migrationSides, type SideName } from "./sides.ts";
import type { Model, Problem } from "../../../../../platform/model/types.ts";
import type { Settings } from "../../../../../platform/settings.ts";
import { pools } from "../../../../ecs/pools.ts";
import { onFargate } from "../../../../ecs/sizing.ts";
import { nodeGroups } from "../../../../eks/node-groups.ts";
import type { Quotas, Report } from "../ports.ts";

interface Quota {
  readonly service: "ec2" | "fargate";
  readonly code: string;
  readonly name: string;
  /** Of CloudWatch's AWS/Usage. */
  readonly usageClass: string;
}

/** @source Service Quotas console, EC2 and Fargate of us-east-1; AWS/Usage: CloudWatch user guide, "Usage metrics", 2026-11 */
const QUOTAS = {
  standard: ec2("L-1216C47A", "Running On-Demand Standard instances", "Standard/OnDemand"),
  standardSpot: ec2("L-34B43A08", "All Standard Spot instance requests", "Standard/Spot"),
  g: ec2("L-DB2E81BA", "Running On-Demand G and VT instances", "G/OnDemand"),
  gSpot: ec2("L-3819A6DF", "All G and VT Spot instance requests", "G/Spot"),
  p: ec2("L-417A185B", "Running On-Demand P instances", "P/OnDemand"),
  pSpot: ec2("L-7212CCBC", "All P4, P3 and P2 Spot instance requests", "P/Spot"),
  fargate: fargate("L-3032A538", "Fargate On-Demand vCPU resource count", "Standard/OnDemand"),
  fargateSpot: fargate("L-36FBB829", "Fargate Spot vCPU resource count", "Standard/Spot"),
} as const satisfies Record<string, Quota>;
type QuotaName = keyof typeof QUOTAS;

function ec2(code: string, name: string, usageClass: string): Quota {
  return { service: "ec2", code, name, usageClass };
}

function fargate(code: string, name: string, usageClass: string): Quota {
  return { service: "fargate", code, name, usageClass };
}

/** vCPU that a side wants at its most, by the quota that they count against. */
export function vcpuOf(side: SideName, model: Model, settings: Settings): ReadonlyMap<QuotaName, number> {
  const wanted = new Map<QuotaName, number>();
  const add = (name: QuotaName, vcpu: number): void => {
    if (vcpu > 0) wanted.set(name, (wanted.get(name) ?? 0) + vcpu);
  };
  if (side === "eks") {
    for (const { instanceTypes, max, capacityType } of nodeGroups(model, settings)) {
      add(
        quotaOf(instanceTypes[0].name, capacityType === "SPOT"),
        max * Math.max(...instanceTypes.map(({ vcpu }) => vcpu)),
      );
    }
    return wanted;
  }
  for (const { types, mostInstances, spot } of pools(model)) {
    add(quotaOf(types[0].name, spot), mostInstances * Math.max(...types.map(({ vcpu }) => vcpu)));
  }
  for (const workload of model.workloads.filter(onFargate)) {
    const most = workload.kind === "job" || "singleton" in workload.scaling ? 1 : workload.scaling.max;
    add(workload.compute.purchase === "spot" ? "fargateSpot" : "fargate", (most * workload.compute.cpu) / 1024);
  }
  return wanted;
}

/** By the family that a type's name begins with. */
function quotaOf(instanceType: string, spot: boolean): QuotaName {
  const family = instanceType.startsWith("p") ? "p" : instanceType.startsWith("g") ? "g" : "standard";
  return spot ? `${family}Spot` : family;
}

/** One problem for each quota that is short, with what is used, wanted and allowed. */
export async function quotaProblems(
  to: string,
  model: Model,
  settings: Settings,
  quotas: Quotas,
  report: Report,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const side of migrationSides([to])) {
    for (const [name, vcpu] of vcpuOf(side, model, settings)) {
      const { service, code, name: title, usageClass } = QUOTAS[name];
      const limit = await quotas.limit(service, code);
      const used = await quotas.used("vCPU", usageClass, service === "ec2" ? "EC2" : "Fargate");
      if (limit === null) {
        report(`${title} (${code}): ${vcpu} vCPU are wanted; AWS does not say how many there may be`);
        continue;
      }
      report(`${title}: ${used} used, ${vcpu} wanted at most, ${limit} allowed`);
      if (used + vcpu <= limit) continue;
      problems.push({
        code: "quota",
        path: `quotas.${service}.${code}`,
        found: `${limit} vCPU (${title})`,
        allowed: `${used + vcpu}: ${used} that are used and ${vcpu} for ${to} at its most; Service Quotas takes the request`,
      });
    }
  }
  return problems;
}
