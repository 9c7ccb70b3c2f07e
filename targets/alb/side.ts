/** What one side of a migration hands over when it is deployed: where its traffic goes, and when it is steady. */
import type * as pulumi from "@pulumi/pulumi";

export interface Route {
  readonly service: string;
  /** The load balancer's path patterns, `/api/*`. */
  readonly paths: readonly string[];
  readonly targetGroupArn: pulumi.Output<string>;
  /** Of the entry through which users reach the service. */
  readonly listenerArn: pulumi.Output<string>;
  /** Part of CloudWatch's `TargetGroup` dimension. */
  readonly targetGroupSuffix: pulumi.Output<string>;
}

export interface Side {
  readonly target: string;
  /** Empty where something else routes, as a conformant cluster's own ingress does. */
  readonly routes: readonly Route[];
  /** Where users reach it, if its own edge has a name for that. */
  readonly url?: string;
  /** Done when every workload runs as it should: default routes wait for them. */
  readonly steady: readonly pulumi.Resource[];
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}
