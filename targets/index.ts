/** The registry of targets: compilers, readers and declared losses. Pure: nothing here loads Pulumi. */
import * as ecsCompiler from "./ecs/compile.ts";
import type { EcsShared, EcsUnit } from "./ecs/forms.ts";
import { losses as ecsLosses } from "./ecs/losses.ts";
import { read as readEcs } from "./ecs/read.ts";
import * as eksCompiler from "./eks/compile.ts";
import type { EksShared, EksUnit } from "./eks/forms.ts";
import { losses as eksLosses } from "./eks/losses.ts";
import { read as readEks } from "./eks/read.ts";
import * as kubernetesCompiler from "./kubernetes/compile.ts";
import type { KubernetesShared, KubernetesUnit } from "./kubernetes/forms.ts";
import { losses as kubernetesLosses } from "./kubernetes/losses.ts";
import { read as readKubernetes } from "./kubernetes/read.ts";
import type { Target } from "./target.ts";

export const ecs: Target<EcsUnit, EcsShared> = { compile: ecsCompiler.compile, read: readEcs, losses: ecsLosses };

export const eks: Target<EksUnit, EksShared> = { compile: eksCompiler.compile, read: readEks, losses: eksLosses };

export const kubernetes: Target<KubernetesUnit, KubernetesShared> = {
  compile: kubernetesCompiler.compile,
  read: readKubernetes,
  losses: kubernetesLosses,
};
