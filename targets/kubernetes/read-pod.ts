/** What a kubelet makes of a pod spec. */
import type { Behaviour, ProbeBehaviour } from "../../platform/model/behaviour.ts";
import type { PodSpec } from "./forms.ts";

type Container = PodSpec["containers"][number];
type Probe = NonNullable<Container["livenessProbe"]>;

/** @source Kubernetes API reference, Probe and PodSpec; 1.30 */
const DEFAULTS = { period: 10, timeout: 1, failures: 3, grace: 30 } as const;

type PodBehaviour = Pick<
  Behaviour,
  | "image"
  | "command"
  | "cpu"
  | "cpuCap"
  | "memoryGuaranteed"
  | "memoryLimit"
  | "ephemeral"
  | "sharedMemory"
  | "gpus"
  | "architecture"
  | "ports"
  | "env"
  | "secrets"
  | "liveness"
  | "readiness"
  | "startGrace"
  | "drain"
  | "stopTimeout"
  | "pool"
  | "gpuModel"
  | "purchase"
  | "zones"
  | "user"
  | "readOnlyRoot"
  | "privileged"
  | "capabilities"
  | "writablePaths"
>;

/** `labels` are the pod's own: what an affinity selects may be itself or something else. */
export function readPod(pod: PodSpec, labels: Readonly<Record<string, string>>): PodBehaviour {
  const [container] = pod.containers;
  if (!container) throw new TypeError("A pod without a container");
  const { requests = {}, limits = {} } = container.resources ?? {};
  const env = environment(container);
  const drain = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  const selected = pod.nodeSelector ?? {};
  const ours = (suffix: string): string | undefined =>
    Object.entries(selected).find(([key]) => key.endsWith(`/${suffix}`))?.[1];
  const tolerates = (key: string): boolean => (pod.tolerations ?? []).some((each) => each.key?.endsWith(key));
  const onSpot = ours("purchase") === "spot" && tolerates("/purchase");
  const gpus = Number(limits["nvidia.com/gpu"] ?? 0);
  return {
    image: container.image ?? "",
    command: container.args ? container.args.map((text) => expand(text, env)) : null,
    cpu: quantity(requests["cpu"] ?? limits["cpu"] ?? "0"),
    cpuCap: limits["cpu"] === undefined ? null : quantity(limits["cpu"]),
    memoryGuaranteed: quantity(requests["memory"] ?? limits["memory"] ?? "0") / 2 ** 20,
    memoryLimit: limits["memory"] === undefined ? Infinity : quantity(limits["memory"]) / 2 ** 20,
    ephemeral: limits["ephemeral-storage"] === undefined ? null : quantity(limits["ephemeral-storage"]) / 2 ** 30,
    sharedMemory: sharedMemory(pod, container),
    // A GPU that no toleration lets it reach is one that it never gets.
    gpus: gpus > 0 && !tolerates("nvidia.com/gpu") ? 0 : gpus,
    architecture: selected["kubernetes.io/arch"] === "arm64" ? "arm64" : "x86_64",
    ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
    env: Object.fromEntries([...env].map(([name, value]) => [name, neutralUrl(value)])),
    secrets: Object.fromEntries(
      (container.env ?? []).flatMap(({ name, valueFrom }) => {
        const reference = valueFrom?.secretKeyRef;
        return reference ? [[name, { secret: reference.name ?? "", key: reference.key }]] : [];
      }),
    ),
    liveness: probe(container, container.livenessProbe),
    readiness: probe(container, container.readinessProbe),
    startGrace: startGrace(container.startupProbe, container.livenessProbe),
    drain,
    stopTimeout: (pod.terminationGracePeriodSeconds ?? DEFAULTS.grace) - drain,
    pool: ours("pool") ?? "general",
    gpuModel: ours("gpu") ?? null,
    purchase: onSpot ? "spot" : "onDemand",
    zones: zones(pod, labels),
    user: container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser ?? 0,
    readOnlyRoot: container.securityContext?.readOnlyRootFilesystem ?? false,
    privileged: container.securityContext?.privileged ?? false,
    capabilities: capabilities(container),
    writablePaths: (container.volumeMounts ?? [])
      .filter(({ readOnly, mountPath }) => !readOnly && mountPath !== "/dev/shm")
      .map(({ mountPath }) => mountPath)
      .sort(),
  };
}

const ZONE = "topology.kubernetes.io/zone";

/** A wish counts as a demand does: the scheduler follows it wherever there is room. */
function zones({ affinity, topologySpreadConstraints = [] }: PodSpec, labels: Readonly<Record<string, string>>) {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...wished } = affinity?.podAffinity ?? {};
  const preferred = wished.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const beside = [...required, ...preferred.map(({ podAffinityTerm }) => podAffinityTerm)].some(
    ({ topologyKey, labelSelector }) =>
      topologyKey === ZONE &&
      Object.entries(labelSelector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value),
  );
  if (beside) return "together";
  return topologySpreadConstraints.some(({ topologyKey }) => topologyKey === ZONE) ? "spread" : "any";
}

/** @source Kubernetes API reference, Quantity */
const SUFFIX: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `250m`, `1.5`, `2Gi`, `512M`, `1e3`, in whole cores, bytes or things; NaN for what is none. */
export function quantity(text: string): number {
  const [, number = "", suffix = ""] = /^([0-9.]+(?:[eE][+-]?\d+)?)([numkKMGTPE]?i?)$/.exec(text) ?? [];
  return Number(number) * (SUFFIX[suffix] ?? NaN);
}

/** Plain values in order; `$(NAME)` is what an earlier variable has, `$$(` a literal `$(`. */
function environment(container: Container): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { name, value, valueFrom } of container.env ?? [])
    if (!valueFrom) known.set(name, expand(value ?? "", known));
  return known;
}

/** `$(NAME)` where it is known, `$$(` as a literal `$(`. */
export function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(\$)|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g,
    (all, escaped: string | undefined, name: string | undefined) =>
      escaped === undefined ? (known.get(name ?? "") ?? all) : "$",
  );
}

/** The cluster's own name for a Service; what it names is the workload, whatever the DNS. */
function neutralUrl(value: string): string {
  const [, name, port] = /^http:\/\/([a-z0-9-]+)\.[a-z0-9-]+\.svc\.cluster\.local:(\d+)$/.exec(value) ?? [];
  return name !== undefined && port !== undefined ? `workload://${name}:${port}` : value;
}

function probe(container: Container, spec: Probe | undefined): ProbeBehaviour | null {
  if (!spec?.httpGet) return null;
  const { port, path = "/" } = spec.httpGet;
  const number = typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
  return {
    path,
    port: number ?? 0,
    interval: spec.periodSeconds ?? DEFAULTS.period,
    timeout: spec.timeoutSeconds ?? DEFAULTS.timeout,
    failures: spec.failureThreshold ?? DEFAULTS.failures,
  };
}

/** Until the start-up probe has succeeded once the others do not run; without one, liveness' own delay counts. */
function startGrace(startup: Probe | undefined, liveness: Probe | undefined): number {
  if (!startup) return liveness?.initialDelaySeconds ?? 0;
  return (
    (startup.initialDelaySeconds ?? 0) +
    (startup.periodSeconds ?? DEFAULTS.period) * (startup.failureThreshold ?? DEFAULTS.failures)
  );
}

function sharedMemory(pod: PodSpec, container: Container): number | null {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === "/dev/shm");
  const volume = pod.volumes?.find(({ name }) => name === mount?.name)?.emptyDir;
  return volume?.medium === "Memory" ? quantity(volume.sizeLimit ?? "") / 2 ** 20 : null;
}

function capabilities({ securityContext }: Container): readonly string[] {
  const { drop = [], add = [] } = securityContext?.capabilities ?? {};
  return drop.includes("ALL") ? add : ["default"];
}
