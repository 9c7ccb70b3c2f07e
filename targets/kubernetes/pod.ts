/** Workload → pod spec, which Deployments and Jobs share. Meets the Pod Security Standard *restricted*. */
import { RUN_AS_USER, TEMPORARY_PATH, TEMPORARY_SIZE_MIB } from "../../platform/conventions.ts";
import { imageReference } from "../../platform/images.ts";
import type { Check, Model, Seconds, Workload } from "../../platform/model/types.ts";
import { wire } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";
import type { PodSpec } from "./forms.ts";
import {
  BATCH_PRIORITY,
  GPU_LABEL,
  POOL_LABEL,
  PURCHASE_LABEL,
  selector,
  SERVING_PRIORITY,
  serviceUrl,
} from "./names.ts";
import { memoryQuantity } from "./quantities.ts";
import { resources } from "./resources.ts";

type Container = PodSpec["containers"][number];

/** Beside preStop and the stop timeout: the kubelet's own time between the two. */
const GRACE_MARGIN: Seconds = 5;
/** How often the start-up probe asks; the model's grace is a multiple of it, rounded up. */
const STARTUP_PERIOD: Seconds = 5;

export function podSpec(workload: Workload, model: Model, settings: Settings): PodSpec {
  const { drain, stopTimeout } = workload.shutdown;
  return {
    serviceAccountName: workload.name,
    automountServiceAccountToken: false,
    // A Service called `redis` would inject REDIS_PORT=tcp://… otherwise.
    enableServiceLinks: false,
    // Five search domains would be tried before each name of RDS or MSK.
    dnsConfig: { options: [{ name: "ndots", value: "2" }] },
    priorityClassName: `${model.project}-${workload.kind === "job" ? BATCH_PRIORITY : SERVING_PRIORITY}`,
    restartPolicy: workload.kind === "job" ? "Never" : "Always",
    terminationGracePeriodSeconds: drain + stopTimeout + GRACE_MARGIN,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: RUN_AS_USER,
      runAsGroup: RUN_AS_USER,
      fsGroup: RUN_AS_USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector: nodeSelector(workload),
    ...tolerations(workload),
    ...spread(workload),
    containers: [container(workload, model, settings)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: memoryQuantity(TEMPORARY_SIZE_MIB) } },
      ...sharedMemory(workload).map((size) => ({
        name: "shared-memory",
        emptyDir: { medium: "Memory", sizeLimit: memoryQuantity(size) },
      })),
    ],
  };
}

function container(workload: Workload, model: Model, settings: Settings): Container {
  const { env, secrets } = wire(workload, model, serviceUrl(settings.namespace));
  return {
    name: workload.slug,
    image: imageReference(workload.image, settings),
    imagePullPolicy: pullPolicy(settings),
    ...(workload.command ? { args: workload.command.map(literal) } : {}),
    ...(workload.kind === "job"
      ? {}
      : { ports: [{ name: "http", containerPort: workload.port.number, protocol: "TCP" }] }),
    env: [
      ...Object.entries(env).map(([name, value]) => ({ name, value: literal(value) })),
      ...Object.entries(secrets).map(([name, { secret, key }]) => ({
        name,
        valueFrom: { secretKeyRef: { name: secret, key } },
      })),
    ],
    resources: resources(workload.compute),
    ...probes(workload),
    ...preStop(workload.shutdown.drain),
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "tmp", mountPath: TEMPORARY_PATH },
      ...sharedMemory(workload).map(() => ({ name: "shared-memory", mountPath: "/dev/shm" })),
    ],
  };
}

/** Only what may have moved is asked for again: a digest never does, and of the tags `latest` does by its name. */
export function pullPolicy({ images }: Settings): "Always" | "IfNotPresent" {
  return images.pinned || images.build || images.tag !== "latest" ? "IfNotPresent" : "Always";
}

/** Kubernetes expands `$(NAME)` and reads `$$` as `$`, in arguments and in env values; ECS does neither. */
function literal(text: string): string {
  return text.replaceAll(/\$(?=[$(])/g, "$$$$");
}

function probes(workload: Workload): Partial<Container> {
  if (workload.kind === "job") return {};
  const { live, ready, grace, port = "http" } = workload.probes;
  return {
    // Every figure is spelled out: a kubelet's default timeout is one second.
    startupProbe: {
      httpGet: { path: live.path, port },
      periodSeconds: STARTUP_PERIOD,
      timeoutSeconds: live.timeout,
      failureThreshold: Math.max(1, Math.ceil(grace / STARTUP_PERIOD)),
    },
    livenessProbe: httpProbe(live, port),
    readinessProbe: httpProbe(ready, port),
  };
}

function httpProbe({ path, interval, timeout, failures }: Check, port: number | "http") {
  return {
    httpGet: { path, port },
    periodSeconds: interval,
    timeoutSeconds: timeout,
    failureThreshold: failures,
  };
}

/** Endpoint removal and SIGTERM run at once here: SIGTERM waits until nobody sends any more. */
function preStop(drain: Seconds): Partial<Container> {
  return drain > 0 ? { lifecycle: { preStop: { sleep: { seconds: drain } } } } : {};
}

function sharedMemory({ compute: { on } }: Workload): readonly number[] {
  return on.pool === "gpu" && on.sharedMemory !== undefined ? [on.sharedMemory] : [];
}

/** The general pool is any node, for a conformant cluster knows no labels of ours. */
function nodeSelector({ compute }: Workload): Record<string, string> {
  const { on, purchase, architecture } = compute;
  return {
    "kubernetes.io/arch": architecture === "arm64" ? "arm64" : "amd64",
    ...(on.pool === "general" ? {} : { [POOL_LABEL]: on.pool }),
    ...(on.pool === "gpu" ? { [GPU_LABEL]: on.gpu } : {}),
    ...(purchase === "spot" ? { [PURCHASE_LABEL]: "spot" } : {}),
  };
}

function tolerations({ compute: { on, purchase } }: Workload): Partial<PodSpec> {
  const tolerated = [
    ...(on.pool === "gpu" ? [{ key: "nvidia.com/gpu", value: "present" }] : []),
    ...(purchase === "spot" ? [{ key: PURCHASE_LABEL, value: "spot" }] : []),
  ];
  if (tolerated.length === 0) return {};
  return { tolerations: tolerated.map((each) => ({ ...each, operator: "Equal", effect: "NoSchedule" })) };
}

const ZONE = "topology.kubernetes.io/zone";
const NODE = "kubernetes.io/hostname";

/** Over zones, then over nodes, or over the nodes of one zone; never at the price of not running. */
function spread(workload: Workload): Partial<PodSpec> {
  if (workload.kind === "job") return {};
  const together = workload.zones === "together";
  const labelSelector = { matchLabels: selector(workload.name) };
  return {
    ...(together ? { affinity: { podAffinity: besideEachOther(labelSelector) } } : {}),
    topologySpreadConstraints: spreadOver(workload.name, together ? [NODE] : [ZONE, NODE]),
  };
}

/** @param keys labels of nodes whose values tell the places apart, the widest first */
export function spreadOver(
  name: string,
  keys: readonly string[] = [ZONE, NODE],
): NonNullable<PodSpec["topologySpreadConstraints"]> {
  return keys.map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selector(name) },
  }));
}

type PodAffinity = NonNullable<NonNullable<PodSpec["affinity"]>["podAffinity"]>;

/** Preferred, not required: when its zone fails, a replica runs elsewhere. */
function besideEachOther(labelSelector: { matchLabels: Record<string, string> }): PodAffinity {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { topologyKey: ZONE, labelSelector } },
    ],
  };
}
