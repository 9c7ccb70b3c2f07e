/** What the deploying files of both AWS targets share: the foundation, the side's own answers to placeholders, tags. */
import type * as pulumi from "@pulumi/pulumi";
import { filled, keyOf, type Foundation, type Resolve } from "../../platform/foundation/index.ts";
import { placeholdersIn } from "../../platform/model/placeholders.ts";
import type { Compiled } from "../target.ts";
import type { AwsUnit } from "./forms.ts";

export interface AwsContext<Unit extends AwsUnit = AwsUnit, Shared = unknown> {
  readonly compiled: Compiled<Unit, Shared>;
  readonly foundation: Foundation;
  /** What a workload's resources are called in the program, where both sides have one of the kind. */
  readonly nameOf: (service: string) => string;
  readonly tags: (service: string) => Record<string, string>;
  /** The side's own answers, told as its resources are made; the rest is the foundation's. */
  readonly tell: (key: string, value: pulumi.Output<string>) => void;
  /** @throws Error for a placeholder that nobody answers */
  readonly resolve: Resolve;
  /** A compiled text with its placeholders filled. @throws Error for one that nobody answers */
  readonly fill: (text: string | undefined) => pulumi.Input<string>;
}

/**
 * `suffix` keeps a side's resources apart from the other side's: in a flip of one stack both exist until the listener
 * has moved, so neither may be an update of the other.
 */
export function awsContext<Unit extends AwsUnit, Shared>(
  compiled: Compiled<Unit, Shared>,
  foundation: Foundation,
  suffix = "",
): AwsContext<Unit, Shared> {
  const own = new Map<string, pulumi.Output<string>>();
  const resolve: Resolve = (placeholder) => own.get(keyOf(placeholder)) ?? foundation.value(placeholder);
  const { project, stack } = foundation.settings;
  return {
    compiled,
    foundation,
    nameOf: (service) => `${service}${suffix}`,
    tags: (service) => ({ project, service, stack }),
    tell: (key, value) => void own.set(key, value),
    resolve,
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
