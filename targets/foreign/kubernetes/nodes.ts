/** On which nodes a pod runs, as far as labels tell. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";
import { told, untold, type Seen } from "../seen.ts";

export type Nodes = Seen<Pick<Behaviour, "architecture" | "pool" | "gpuModel" | "purchase">>;

const ANY = "it runs on any node, and no file describes those";

/** Labels by which clouds and provisioners say that a node may be taken away. */
const SPOT: readonly (readonly [label: string, value: string])[] = [
  ["karpenter.sh/capacity-type", "spot"],
  ["eks.amazonaws.com/capacityType", "SPOT"],
  ["cloud.google.com/gke-spot", "true"],
  ["kubernetes.azure.com/scalesetpriority", "spot"],
];

const INSTANCE_TYPE = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"];
const ARCHITECTURE = ["kubernetes.io/arch", "beta.kubernetes.io/arch"];
const SYSTEM = ["kubernetes.io/os", "beta.kubernetes.io/os"];

/** @source EC2 user guide, "instance types", 2026-11; the model's pools are of these */
const FAMILIES: readonly (readonly [RegExp, string, string | null])[] = [
  [/^p4d/, "gpu", "a100"],
  [/^g5\b/, "gpu", "a10g"],
  [/^(r|x)\d/, "memory", null],
  [/^(i|d|h)\d/, "iops", null],
];

/** @param wanted labels that a node must have; @param gpus what the containers ask for */
export function nodesOf(fields: Fields, wanted: ReadonlyMap<string, string>, gpus: number): Nodes {
  const understood = new Set<string>([...INSTANCE_TYPE, ...ARCHITECTURE, ...SYSTEM]);
  const first = (labels: readonly string[]) =>
    labels.map((label) => wanted.get(label)).find((each) => each !== undefined);
  const ours = (suffix: string): string | undefined => {
    const [label, value] = [...wanted].find(([each]) => each.endsWith(`.internal/${suffix}`)) ?? [];
    if (label !== undefined) understood.add(label);
    return value;
  };
  const [pool, gpu, purchase] = [ours("pool"), ours("gpu"), ours("purchase")];
  const [, family, model] = FAMILIES.find(([pattern]) => pattern.test(first(INSTANCE_TYPE) ?? "")) ?? [];
  const spot = purchase === "spot" || SPOT.some(([label, value]) => wanted.get(label) === value);
  for (const [label] of SPOT) understood.add(label);
  const others = [...wanted.keys()].filter((label) => !understood.has(label));
  if (others.length > 0)
    fields.note("unsaid", "nodeSelector", `nodes by labels of somebody's: ${others.join(", ")}`, "compute");
  const system = first(SYSTEM);
  if (system !== undefined && system !== "linux")
    fields.note("unsaid", "nodeSelector", `nodes of ${system}`, "compute");
  const architecture = first(ARCHITECTURE);
  return {
    architecture: architecture === undefined ? untold(ANY) : told(architecture === "arm64" ? "arm64" : "x86_64"),
    pool: told(pool ?? family ?? (gpus > 0 ? "gpu" : "general")),
    gpuModel: gpus === 0 ? told(null) : (gpu ?? model) ? told(gpu ?? model ?? null) : untold(ANY),
    purchase: spot
      ? told("spot")
      : others.length > 0
        ? untold("the labels of its nodes do not say how they are bought")
        : told("onDemand"),
  };
}
