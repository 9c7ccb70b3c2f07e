/** The registry of targets: compilers, readers and declared losses. Pure: nothing here loads Pulumi. */
import * as ecsCompiler from "./ecs/compile.ts";
import type { EcsShared, EcsUnit } from "./ecs/forms.ts";
import { losses as ecsLosses } from "./ecs/losses.ts";
import { read as readEcs } from "./ecs/read.ts";
import * as kubernetesCompiler from "./kubernetes/compile.ts";
import type { KubernetesShared, KubernetesUnit } from "./kubernetes/forms.ts";
import { losses as kubernetesLosses } from "./kubernetes/losses.ts";
import { read as readKubernetes } from "./kubernetes/read.ts";
import type { Target } from "./target.ts";

export const ecs: Target<EcsUnit, EcsShared> = { compile: ecsCompiler.compile, read: readEcs, losses: ecsLosses };

export const kubernetes: Target<KubernetesUnit, KubernetesShared> = {
  compile: kubernetesCompiler.compile,
  read: readKubernetes,
  losses: kubernetesLosses,
};
