/** A pod: its containers, and what they share. */
import type { Fields } from "../fields.ts";
import { valueOr } from "../seen.ts";
import { readAffinity, type Affinity } from "./affinity.ts";
import { hardening, readPodContainer, type PodContainer } from "./container.ts";
import type { Sources } from "./environment.ts";
import { metadata, type Labels } from "./metadata.ts";
import { nodesOf, type Nodes } from "./nodes.ts";
import { quantityOf } from "./quantities.ts";

/** @source Kubernetes API reference, PodSpec, 1.30 */
const GRACE = 30;

export interface Pod {
  readonly labels: Labels;
  readonly containers: readonly PodContainer[];
  readonly inits: readonly PodContainer[];
  readonly zones: Affinity["zones"];
  readonly nodes: Nodes;
}

export interface Surroundings {
  readonly sources: Sources;
  readonly neutral: (value: string) => string;
}

/** A template, which Deployments and Jobs have alike. */
export function readTemplate(fields: Fields, surroundings: Surroundings): Pod | undefined {
  const labels = fields.object("metadata", metadata)?.labels ?? new Map<string, string>();
  return fields.object("spec", (spec) => readPodSpec(spec, labels, surroundings));
}

function readPodSpec(fields: Fields, labels: Labels, { sources, neutral }: Surroundings): Pod {
  aside(fields);
  const user = fields.object("securityContext", podSecurity);
  const memoryVolumes = new Map(fields.list("volumes", volume).flat());
  const grace = fields.whole("terminationGracePeriodSeconds") ?? GRACE;
  const context = { sources, neutral, grace, user, memoryVolumes };
  const containers = fields.list("containers", (each) => readPodContainer(each, context));
  const inits = fields.list("initContainers", (each) => readPodContainer(each, context));
  if (containers.length === 0) fields.problem("containers", "none", "at least one container");
  const names = [...containers, ...inits].map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index)))
    fields.problem("containers", `two containers named ${name}`, "each name once in a pod");
  const affinity = readAffinity(fields, labels);
  const wanted = new Map([...fields.map("nodeSelector"), ...affinity.nodes]);
  const gpus = containers.reduce((sum, { seen }) => sum + valueOr(seen.gpus, 0), 0);
  return { labels, containers, inits, zones: affinity.zones, nodes: nodesOf(fields, wanted, gpus) };
}

function podSecurity(fields: Fields): number | undefined {
  hardening(fields);
  fields.aside("who owns its volumes", "fsGroup", "fsGroupChangePolicy", "supplementalGroupsPolicy");
  fields.unsaid("supplementalGroups", "further groups");
  fields.unsaid("sysctls", "kernel parameters");
  return fields.whole("runAsUser");
}

/** Only what is shared memory is more than a path to us. */
function volume(fields: Fields): readonly (readonly [string, number | null])[] {
  const name = fields.text("name") ?? "";
  const empty = fields.object("emptyDir", (directory) => {
    const given = directory.scalar("sizeLimit");
    const size = quantityOf(directory, new Map(given === undefined ? [] : [["sizeLimit", given]]), "sizeLimit", "");
    return { memory: directory.text("medium") === "Memory", size };
  });
  if (!empty) {
    fields.note("unsaid", "", "a volume, of which only the path is compared", "compute");
    fields.skip();
    return [];
  }
  return empty.memory ? [[name, empty.size === undefined ? null : empty.size / 2 ** 20]] : [];
}

/** @source Kubernetes API reference, PodSpec */
function aside(fields: Fields): void {
  fields.aside("which account it runs as", "serviceAccountName", "serviceAccount", "automountServiceAccountToken");
  fields.aside("how it is scheduled", "schedulerName", "nodeName", "priority", "priorityClassName", "preemptionPolicy");
  fields.aside("which taints it bears", "tolerations");
  fields.aside("how names are looked up", "dnsConfig", "dnsPolicy", "enableServiceLinks");
  fields.aside("how images are fetched", "imagePullSecrets");
  fields.aside("when it counts as ready", "readinessGates");
  fields.aside("what its kind decides", "restartPolicy", "ephemeralContainers");
  const unsaid: Readonly<Record<string, string>> = {
    activeDeadlineSeconds: "a deadline of the pod's own",
    hostAliases: "names in /etc/hosts",
    hostIPC: "shared memory with its node",
    hostNetwork: "its node's network",
    hostPID: "its node's processes",
    hostUsers: "users of its own",
    hostname: "a host name of its own",
    os: "a system",
    overhead: "what its runtime takes",
    resourceClaims: "devices by claim",
    resources: "resources of the whole pod",
    runtimeClassName: "a container runtime other than the usual one",
    schedulingGates: "that it waits for somebody",
    setHostnameAsFQDN: "a host name of its own",
    shareProcessNamespace: "processes that are shared",
    subdomain: "a host name of its own",
  };
  for (const [name, sentence] of Object.entries(unsaid)) fields.unsaid(name, sentence);
}
