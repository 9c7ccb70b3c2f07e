/** Containers beside the main one: init containers, sidecars, helpers. */
import { isDeepStrictEqual } from "node:util";
import { compareVariables } from "./compare-variables.ts";
import type { Companion, ContainerBehaviour, Reading } from "./seen.ts";
import { agreement, type Finding } from "./verdict.ts";

/** What is compared of them; when they get traffic and how long they may take to stop is the main container's business. */
const FIELDS = [
  "image",
  "entryPoint",
  "command",
  "cpu",
  "memoryGuaranteed",
  "memoryLimit",
  "ports",
  "liveness",
  "user",
  "readOnlyRoot",
  "privileged",
  "capabilities",
  "writablePaths",
] as const satisfies readonly (keyof ContainerBehaviour)[];

export function compareContainers(ecs: Reading, kubernetes: Reading): readonly Finding[] {
  const left = [...kubernetes.companions];
  const found = ecs.companions.flatMap((one) => {
    const index = left.findIndex((each) => each.name === one.name);
    const other = index >= 0 ? left[index] : left.find((each) => repository(each) === repository(one));
    if (!other) return [alone(ecs.name, one, "ecs")];
    left.splice(left.indexOf(other), 1);
    return compareOne(ecs.name, one, other);
  });
  return [...found, ...left.map((each) => alone(ecs.name, each, "kubernetes"))];
}

function compareOne(workload: string, ecs: Companion, kubernetes: Companion): readonly Finding[] {
  const at = { workload, container: ecs.name };
  return [
    ...agreement({ ...at, field: "role" }, { value: ecs.role }, { value: kubernetes.role }, isDeepStrictEqual),
    ...FIELDS.flatMap((field) =>
      agreement({ ...at, field }, ecs.seen[field], kubernetes.seen[field], isDeepStrictEqual),
    ),
    ...compareVariables(at, ecs, kubernetes),
  ];
}

function alone(workload: string, { name, role }: Companion, side: "ecs" | "kubernetes"): Finding {
  const sides = { ecs: null, kubernetes: null, [side]: role };
  return { workload, container: name, field: "container", verdict: "missing", ...sides };
}

/** `registry/otel/collector:1.2@sha256:…` → `collector`. */
function repository({ seen }: Companion): string {
  const image = "value" in seen.image ? seen.image.value : "";
  return (image.split("/").at(-1) ?? "").replace(/[:@].*$/, "");
}
