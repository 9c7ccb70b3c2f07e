/** AWS's own APIs, reached without the internet. */
import { z } from "zod";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { endpoints, vpcs } from "./subjects.ts";

export const endpointsPresent = stackRule({
  name: "network-endpoints",
  description: "Images, logs and secrets are fetched inside the VPC: their traffic neither leaves it nor pays for NAT.",
  controls: ["EC2.10", "EC2.55", "EC2.56", "EC2.57"],
  severity: "medium",
  remedy: "Add a VpcEndpoint for each service that is named.",
  over: [vpcs],
  parameters: z.strictObject({
    services: z.array(z.string()).default(["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "sts"]),
  }),
  *check(graph, { services }, tell) {
    const names = graph.all(endpoints).flatMap(({ view }) => known(() => view().serviceName, tell) ?? []);
    // One that a preview does not know may be any of them.
    if (names.length < graph.all(endpoints).length) return;
    const missing = services.filter((service) => !names.some((name) => name.endsWith(`.${service}`)));
    if (missing.length > 0) {
      yield { at: "vpcEndpoints", found: `none for ${missing.join(", ")}`, allowed: services.join(", ") };
    }
  },
});

export const endpointGuarded = resourceRule({
  name: "network-endpoint-guarded",
  description: "An interface endpoint is behind a security group, and the API's usual name leads to it.",
  controls: ["EC2.10"],
  severity: "medium",
  remedy: "Set securityGroupIds and privateDnsEnabled.",
  on: endpoints,
  *check({ vpcEndpointType, securityGroupIds = [], privateDnsEnabled }) {
    if (vpcEndpointType !== "Interface") return;
    if (securityGroupIds.length === 0)
      yield { at: "securityGroupIds", found: undefined, allowed: "a group of its own" };
    if (!privateDnsEnabled) yield { at: "privateDnsEnabled", found: privateDnsEnabled, allowed: "true" };
  },
});
