/** Two fences around a pod, its NetworkPolicy and its security group: what both let through gets through. */
import type { Reach } from "../../platform/model/behaviour.ts";
import { readReach as readGroup } from "../aws/read-network.ts";
import type { Manifest } from "../kubernetes/forms.ts";
import { readReach as readPolicy } from "../kubernetes/read-network.ts";
import type { Surroundings } from "../target.ts";
import type { EksUnit } from "./forms.ts";

const CLUSTER_GROUP = "${securityGroup.cluster.id}";
const AGENT = "addresses 169.254.170.23/32";

type Both = Readonly<Record<"accepts" | "reaches", Reach>>;

export function readReach(unit: EksUnit, manifests: readonly Manifest[], surroundings: Surroundings): Both {
  const policy = readPolicy({ manifests }, surroundings);
  const reaches = withoutAgent(policy.reaches, unit);
  if (!inOwnGroup(unit, labelsOf(manifests))) return { accepts: policy.accepts, reaches };
  const group = readGroup(unit.securityGroup);
  return {
    accepts: both(policy.accepts, fromNodes(group.accepts)),
    reaches: both(reaches, dnsOfCluster(group.reaches)),
  };
}

/** True when the pod's interface is in the unit's own group and in no other; else the node's group, which admits all of ours. */
function inOwnGroup({ manifests }: EksUnit, labels: Readonly<Record<string, string>>): boolean {
  const ids = manifests.flatMap((manifest) => {
    if (manifest.kind !== "SecurityGroupPolicy") return [];
    const { podSelector, securityGroups } = manifest.spec;
    const selected = Object.entries(podSelector.matchLabels).every(([key, value]) => labels[key] === value);
    return selected ? securityGroups.groupIds : [];
  });
  const own = `\${securityGroup.workload-${labels["app.kubernetes.io/name"] ?? ""}.id}`;
  return ids.length > 0 && ids.every((id) => id === own);
}

function labelsOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  for (const manifest of manifests) {
    if (manifest.kind === "Deployment" || manifest.kind === "Job")
      return manifest.spec?.template.metadata?.labels ?? {};
    if (manifest.kind === "CronJob") return manifest.spec?.jobTemplate.spec?.template.metadata?.labels ?? {};
  }
  return {};
}

/** The node's kubelet is no peer: any policy lets it ask the probes. */
function fromNodes(reach: Reach): Reach {
  return without(CLUSTER_GROUP, reach);
}

/** CoreDNS runs in the cluster's group. */
function dnsOfCluster(reach: Reach): Reach {
  return { ...without(CLUSTER_GROUP, reach), ...(reach[CLUSTER_GROUP]?.includes(53) ? { dns: [53] } : {}) };
}

/** Link-local, so no security group sees it; part of having an identity, and a stranger where there is none. */
function withoutAgent(reach: Reach, { podIdentity }: EksUnit): Reach {
  return podIdentity && reachesAgent(reach) ? without(AGENT, reach) : reach;
}

function without(peer: string, reach: Reach): Reach {
  return Object.fromEntries(Object.entries(reach).filter(([each]) => each !== peer));
}

/** Whether a pod gets to the agent that hands out its credentials. */
export function reachesAgent(reach: Reach): boolean {
  return "everything" in reach || (reach[AGENT]?.length === 1 && reach[AGENT][0] === 80);
}

function both(policy: Reach, group: Reach): Reach {
  if ("everything" in policy) return group;
  // A policy cannot name S3, whose addresses are public; a group of any address holds every other peer.
  const byPolicy = (peer: string, port: number) =>
    [policy[peer], ...(peer === "s3" ? [policy["internet"]] : [])].some((ports) => ports?.includes(port));
  const byGroup = (peer: string, port: number) =>
    [group[peer], group["internet"]].some((ports) => ports?.includes(port));
  const peers = [...new Set([...Object.keys(policy), ...Object.keys(group)])].sort();
  return Object.fromEntries(
    peers.flatMap((peer) => {
      const candidates = [...new Set([...(policy[peer] ?? []), ...(group[peer] ?? [])])].sort((a, b) => a - b);
      // The agent's way is the policy's alone.
      const open = candidates.filter((port) => byPolicy(peer, port) && (peer === AGENT || byGroup(peer, port)));
      return open.length > 0 ? [[peer, open] as const] : [];
    }),
  );
}
