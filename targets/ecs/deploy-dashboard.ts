/** One CloudWatch dashboard for the side: each service's tasks, CPU and memory; each route's answers. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Route } from "../alb/index.ts";
import type { EcsContext } from "./deploy-context.ts";

/** CloudWatch's grid is 24 wide. */
const WIDTH = 12;
const HEIGHT = 6;

type Metric = readonly pulumi.Input<string | { readonly stat: string }>[];

export function createDashboard(
  services: readonly string[],
  routes: readonly Route[],
  cluster: aws.ecs.Cluster,
  { foundation }: EcsContext,
): aws.cloudwatch.Dashboard {
  const { edge, settings } = foundation;
  const ofService = (service: string) => ["ClusterName", cluster.name, "ServiceName", service];
  const titled: readonly (readonly [string, readonly Metric[]])[] = [
    ...services.map(
      (service) =>
        [
          service,
          [
            ["AWS/ECS", "CPUUtilization", ...ofService(service), { stat: "Average" }],
            ["AWS/ECS", "MemoryUtilization", ...ofService(service), { stat: "Average" }],
            ["ECS/ContainerInsights", "RunningTaskCount", ...ofService(service), { stat: "Average" }],
          ],
        ] as const,
    ),
    ...routes.map(({ service, targetGroupSuffix }) => {
      const of = ["TargetGroup", targetGroupSuffix, "LoadBalancer", edge.entryOf(service).arnSuffix];
      return [
        `${service}: answers`,
        [
          ["AWS/ApplicationELB", "RequestCount", ...of, { stat: "Sum" }],
          ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", ...of, { stat: "Sum" }],
          ["AWS/ApplicationELB", "TargetResponseTime", ...of, { stat: "p99" }],
        ],
      ] as const;
    }),
  ];
  const widgets = titled.map(([title, metrics], index) => ({
    type: "metric",
    x: (index % 2) * WIDTH,
    y: Math.floor(index / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, region: settings.region, period: 60, view: "timeSeries" },
  }));
  return new aws.cloudwatch.Dashboard("ecs", {
    dashboardName: `${settings.project}-${settings.stack}-ecs`,
    dashboardBody: pulumi.jsonStringify({ widgets }),
  });
}
