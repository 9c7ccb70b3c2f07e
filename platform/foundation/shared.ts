/** What a side needs of its foundation, whether this stack makes it or another one did. */
import type * as pulumi from "@pulumi/pulumi";
import type { Placeholder } from "../model/placeholders.ts";
import type { Model } from "../model/types.ts";
import type { Settings } from "../settings.ts";

interface WithId {
  readonly id: pulumi.Output<string>;
}
interface WithArn {
  readonly arn: pulumi.Output<string>;
}

/** A load balancer as rules and alarms see it. */
export interface Listening {
  readonly listenerArn: pulumi.Output<string>;
  /** CloudWatch's `LoadBalancer` dimension. */
  readonly arnSuffix: pulumi.Output<string>;
}

export interface Foundation {
  readonly model: Model;
  readonly settings: Settings;
  readonly accountId: pulumi.Output<string>;
  /** Subnets in the order of the zones. */
  readonly network: { readonly vpcId: pulumi.Output<string>; readonly privateSubnets: readonly WithId[] };
  readonly securityGroups: { readonly endpoints: WithId; readonly stores: Readonly<Record<string, WithId>> };
  readonly edge: {
    /** The entry through which users reach a service. */
    readonly entryOf: (service: string) => Listening;
    /** Whoever knows it may try a side that carries no weight yet. */
    readonly trialSecret: pulumi.Output<string>;
  };
  /** By the workload's name. */
  readonly logGroups: Readonly<Record<string, WithArn>>;
  /** By the folder under services/. */
  readonly repositories: Readonly<Record<string, WithArn>>;
  readonly secretsKey: WithArn;
  /** Where alarms go, a side's own among them. */
  readonly alarmTopic: WithArn;
  /** Without these a task cannot fetch its image, its secrets or anything else: whatever starts comes after them. */
  readonly ready: readonly pulumi.Resource[];
  /** @throws Error for a placeholder that is a side's own or nobody's */
  value(placeholder: Placeholder): pulumi.Output<string>;
}

/** `streams` or `api`: the entry through which users reach a service. */
export function entryName({ workloads }: Model, service: string): "streams" | "api" {
  const streaming = workloads.some(
    (each) => each.name === service && each.kind === "service" && each.port.protocol === "websocket",
  );
  return streaming ? "streams" : "api";
}
