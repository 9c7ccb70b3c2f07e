/** Listeners and target groups, by ELBv2. */
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRule, LoadBalancers } from "../ports.ts";

export function createLoadBalancers(client: ElasticLoadBalancingV2Client): LoadBalancers {
  return {
    rules: async (listenerArn) => {
      const found: Rule[] = [];
      for (let marker: string | undefined, first = true; first || marker !== undefined; first = false) {
        const page = await client.send(
          new DescribeRulesCommand({ ListenerArn: listenerArn, ...(marker === undefined ? {} : { Marker: marker }) }),
        );
        found.push(...(page.Rules ?? []));
        marker = page.NextMarker;
      }
      return found.flatMap(ruleOf);
    },
    health: async (groupArn) => {
      const { TargetHealthDescriptions = [] } = await client.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: groupArn }),
      );
      const counts: Record<string, number> = {};
      for (const { TargetHealth } of TargetHealthDescriptions) {
        const state = TargetHealth?.State ?? "unavailable";
        counts[state] = (counts[state] ?? 0) + 1;
      }
      return counts;
    },
  };
}

/** The listener's last rule has no paths: it answers 404. A single group may stand beside the list, without a weight. */
export function ruleOf({
  Priority = "default",
  Conditions = [],
  Actions = [],
  IsDefault,
}: Rule): readonly ListenerRule[] {
  if (IsDefault) return [];
  const groups = Actions.flatMap(({ ForwardConfig, TargetGroupArn }) =>
    ForwardConfig?.TargetGroups?.length
      ? ForwardConfig.TargetGroups.map(({ TargetGroupArn: arn = "", Weight = 1 }) => ({ arn, weight: Weight }))
      : TargetGroupArn === undefined
        ? []
        : [{ arn: TargetGroupArn, weight: 1 }],
  );
  return [
    {
      priority: Number(Priority),
      paths: Conditions.flatMap(({ PathPatternConfig, Field, Values = [] }) =>
        Field === "path-pattern" ? (PathPatternConfig?.Values ?? Values) : [],
      ),
      headers: Object.fromEntries(
        Conditions.flatMap(({ HttpHeaderConfig }) =>
          HttpHeaderConfig?.HttpHeaderName === undefined
            ? []
            : [[HttpHeaderConfig.HttpHeaderName, HttpHeaderConfig.Values ?? []]],
        ),
      ),
      groups,
    },
  ];
}
