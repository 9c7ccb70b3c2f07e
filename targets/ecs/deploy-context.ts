/** What the deploying files of ECS share: the foundation, the side's own answers to placeholders, tags. */
import type * as pulumi from "@pulumi/pulumi";
import { filled, keyOf, type Foundation, type Resolve } from "../../platform/foundation/index.ts";
import { placeholdersIn } from "../../platform/model/placeholders.ts";
import type { Compiled } from "../target.ts";
import type { EcsShared, EcsUnit } from "./forms.ts";

export type Units = Readonly<Record<string, EcsUnit>>;

export interface EcsContext {
  readonly compiled: Compiled<EcsUnit, EcsShared>;
  readonly foundation: Foundation;
  readonly tags: (service: string) => Record<string, string>;
  /** The side's own answers, told as its resources are made; the rest is the foundation's. */
  readonly tell: (key: string, value: pulumi.Output<string>) => void;
  /** A compiled text with its placeholders filled. @throws Error for one that nobody answers */
  readonly fill: (text: string | undefined) => pulumi.Input<string>;
}

export function ecsContext(compiled: Compiled<EcsUnit, EcsShared>, foundation: Foundation): EcsContext {
  const own = new Map<string, pulumi.Output<string>>();
  const resolve: Resolve = (placeholder) => own.get(keyOf(placeholder)) ?? foundation.value(placeholder);
  const { project, stack } = foundation.settings;
  return {
    compiled,
    foundation,
    tags: (service) => ({ project, service, stack }),
    tell: (key, value) => void own.set(key, value),
    fill: (text) => filled(text ?? "", resolve),
  };
}

/** Names of the workloads whose groups a text of rules refers to. */
export function workloadsNamedIn(texts: readonly (string | undefined)[]): readonly string[] {
  return texts
    .flatMap((text) => placeholdersIn(text ?? ""))
    .flatMap(({ kind, name }) =>
      kind === "securityGroup" && name.startsWith(WORKLOAD) ? [name.slice(WORKLOAD.length)] : [],
    );
}

const WORKLOAD = "workload-";

export function workloadGroupKey(name: string): string {
  return `securityGroup.${WORKLOAD}${name}.id`;
}
