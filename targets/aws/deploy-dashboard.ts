/** One CloudWatch dashboard a side: what each workload uses, what each route answers. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import type { Route } from "../alb/index.ts";

/** CloudWatch's grid is 24 wide. */
const WIDTH = 12;
const HEIGHT = 6;

/** Namespace, name, dimensions by name and value, and how it is summed up. */
export type Metric = readonly pulumi.Input<string | { readonly stat: string }>[];

/** Title → what its graph shows; `side` ends the dashboard's name. */
export function createDashboard(
  side: string,
  workloads: Readonly<Record<string, readonly Metric[]>>,
  routes: readonly Route[],
  { edge, settings }: Foundation,
): aws.cloudwatch.Dashboard {
  const answers = routes.map(({ service, targetGroupSuffix }) => {
    const of = ["TargetGroup", targetGroupSuffix, "LoadBalancer", edge.entryOf(service).arnSuffix];
    return [
      `${service}: answers`,
      [
        ["AWS/ApplicationELB", "RequestCount", ...of, { stat: "Sum" }],
        ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", ...of, { stat: "Sum" }],
        ["AWS/ApplicationELB", "TargetResponseTime", ...of, { stat: "p99" }],
      ],
    ] as const;
  });
  const widgets = [...Object.entries(workloads), ...answers].map(([title, metrics], index) => ({
    type: "metric",
    x: (index % 2) * WIDTH,
    y: Math.floor(index / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, region: settings.region, period: 60, view: "timeSeries" },
  }));
  return new aws.cloudwatch.Dashboard(side, {
    dashboardName: `${settings.project}-${settings.stack}-${side}`,
    dashboardBody: pulumi.jsonStringify({ widgets }),
  });
}
