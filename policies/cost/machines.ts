/** What machines may be bought, and how: by kind, for what a price is changes and belongs to `npm run cost`. */
import type * as aws from "@pulumi/aws";
import { z } from "zod";
import { instances, launchTemplates, services } from "../compute/subjects.ts";
import { groups, nodeGroups } from "../demand/machines.ts";
import { holds } from "../demand/instance-types.ts";
import type { Finding } from "../framework/finding.ts";
import { ofType, type Subject } from "../framework/given.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { lasting } from "../kubernetes/subjects.ts";

/** Families that the catalogue's workloads and stores are sized for, in their current generations. */
const FAMILIES = ["c7i", "c7g", "m6i", "m7i", "m7g", "r7i", "r7g", "t4g", "i4i", "g5", "g6", "p4d", "p4de"];

interface Typed {
  readonly instanceType?: string;
  readonly instanceTypes?: readonly string[];
  readonly mixedInstancesPolicy?: {
    readonly launchTemplate?: { readonly overrides?: readonly { readonly instanceType?: string }[] };
  };
}

const machines: Subject<Typed> = {
  types: [launchTemplates, instances, groups, nodeGroups].flatMap(({ types }) => types),
  view: (props) => props,
};

export const machineFamilies = resourceRule({
  name: "cost-machine-families",
  description: "Machines are of families that somebody has priced for this platform.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Take a type of a family that is named, or add the family to the rule's configuration.",
  on: machines,
  parameters: z.strictObject({
    families: z.array(z.string()).default(FAMILIES),
    mostVcpu: z.number().positive().default(96).describe("The largest single machine"),
  }),
  *check({ instanceType, instanceTypes = [], mixedInstancesPolicy }, { families, mostVcpu }) {
    const overrides = mixedInstancesPolicy?.launchTemplate?.overrides ?? [];
    const types = [instanceType, ...instanceTypes, ...overrides.map((each) => each.instanceType)];
    for (const type of types) {
      if (type === undefined) continue;
      const [family = ""] = type.split(".");
      if (!families.includes(family)) yield { at: "instanceType", found: type, allowed: families.join(", ") };
      else if ((holds(type)?.vcpu ?? 0) > mostVcpu) {
        yield { at: "instanceType", found: type, allowed: `at most ${mostVcpu} vCPU` };
      }
    }
  },
});

const gateways = ofType<aws.ec2.NatGatewayArgs>("aws:ec2/natGateway:NatGateway");

export const gatewaysCounted = stackRule({
  name: "cost-nat-gateways",
  description: "There is a NAT gateway a zone at most: each costs by the hour and by the gigabyte.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Take one NAT gateway a zone, or one for a stack that nobody depends on.",
  over: [gateways],
  parameters: z.strictObject({ most: z.int().nonnegative().default(3) }),
  *check(graph, { most }) {
    const publicOnes = graph.all(gateways).filter(({ view }) => (view().connectivityType ?? "public") === "public");
    if (publicOnes.length > most) yield { at: "natGateways", found: publicOnes.length, allowed: `at most ${most}` };
  },
});

export const servicesNotOnSpot = resourceRule({
  name: "cost-spot-only-interruptible",
  description: "What others call never stands on spot capacity alone, which AWS takes back in two minutes.",
  controls: ["Limits, ECS"],
  severity: "high",
  remedy: "Give on-demand capacity a base in capacityProviderStrategies, or move the work to a queue.",
  on: services,
  *check({ capacityProviderStrategies: strategies = [], loadBalancers = [], serviceConnectConfiguration }) {
    const called = loadBalancers.length > 0 || (serviceConnectConfiguration?.services ?? []).length > 0;
    if (!called || strategies.length === 0) return;
    const steady = strategies.some(
      ({ capacityProvider = "", base = 0, weight = 0 }) => !isSpot(capacityProvider) && base + weight > 0,
    );
    if (!steady) {
      const found = strategies.map(({ capacityProvider }) => capacityProvider).join(", ");
      yield { at: "capacityProviderStrategies", found, allowed: "on-demand capacity too" };
    }
  },
});

/** AWS's own provider is so named, and so are ours: a provider's group may be in another stack. */
function isSpot(provider: string): boolean {
  return /(^|[-_])spot$/i.test(provider);
}

/** Labels by which a node says that it is spot. @source EKS user guide, "Managed node groups"; Karpenter, "Scheduling" */
const SPOT_LABELS = ["eks.amazonaws.com/capacityType", "karpenter.sh/capacity-type"];

export const podsNotOnSpot = resourceRule({
  name: "cost-pods-not-on-spot",
  description: "What is to run for ever is not bound to spot nodes; a job that goes on from its checkpoint may be.",
  controls: ["Limits, Kubernetes"],
  severity: "medium",
  remedy: "Take the label of spot nodes out of nodeSelector.",
  on: lasting,
  parameters: z.strictObject({
    labels: z.array(z.string()).default([...SPOT_LABELS, "cryptotracker.internal/purchase"]),
  }),
  *check({ spec }, { labels }): Iterable<Finding> {
    for (const label of labels) {
      const found = spec.nodeSelector?.[label];
      if (found?.toLowerCase() === "spot") yield { at: `nodeSelector.${label}`, found, allowed: "on-demand nodes" };
    }
  },
});
