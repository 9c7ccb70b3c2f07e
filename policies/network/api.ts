/** API Gateway: what it writes down, how much it lets through, and who may ask. */
import { z } from "zod";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { apiDomains, apiMappings, apiRoutes, apiStages, httpApis } from "./subjects.ts";

export const apiLog = resourceRule({
  name: "api-access-log",
  description: "The API's requests are logged.",
  controls: ["APIGateway.9"],
  severity: "medium",
  remedy: "Set accessLogSettings with a log group and a format.",
  on: apiStages,
  *check({ accessLogSettings }) {
    const found = accessLogSettings?.destinationArn;
    if (found === undefined) yield { at: "accessLogSettings.destinationArn", found, allowed: "a log group" };
  },
});

export const apiThrottled = resourceRule({
  name: "api-throttling",
  description: "The API answers 429 before what stands behind it falls over.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Set throttlingRateLimit and throttlingBurstLimit of the default route.",
  on: apiStages,
  parameters: z.strictObject({ mostPerSecond: z.number().positive().default(10_000).describe("The account's own") }),
  *check({ defaultRouteSettings }, { mostPerSecond }) {
    const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = defaultRouteSettings ?? {};
    if (!rate || rate > mostPerSecond) {
      yield { at: "defaultRouteSettings.throttlingRateLimit", found: rate, allowed: `1 to ${mostPerSecond}` };
    }
    if (!burst) yield { at: "defaultRouteSettings.throttlingBurstLimit", found: burst, allowed: "at least 1" };
  },
});

export const apiAuthorized = resourceRule({
  name: "api-route-authorization",
  description: "A route says who may ask.",
  controls: ["APIGateway.8"],
  severity: "medium",
  remedy: "Set authorizationType, or exempt a route whose service judges tokens itself.",
  on: apiRoutes,
  *check({ authorizationType: found = "NONE" }) {
    if (found === "NONE") yield { at: "authorizationType", found, allowed: "JWT, AWS_IAM or CUSTOM" };
  },
});

/** What API Gateway calls them. @source API Gateway developer guide, "Security policies", 2026-11 */
const OLD_TLS = "TLS_1_0";

export const apiTls = resourceRule({
  name: "api-tls",
  description: "The API's own name speaks TLS 1.2 or newer.",
  controls: ["ELB.17"],
  severity: "high",
  remedy: "Set domainNameConfiguration.securityPolicy to TLS_1_2.",
  on: apiDomains,
  *check({ domainNameConfiguration }) {
    const found = domainNameConfiguration?.securityPolicy;
    if (found === undefined || found === OLD_TLS) {
      yield { at: "domainNameConfiguration.securityPolicy", found, allowed: "TLS_1_2 or newer" };
    }
  },
});

export const apiOneWayIn = stackRule({
  name: "api-one-way-in",
  description: "An API with a name of its own is reached by that alone, not past it by AWS's.",
  controls: ["APIGateway.8"],
  severity: "medium",
  remedy: "Set disableExecuteApiEndpoint to true.",
  over: [apiMappings],
  *check(graph, _parameters, tell) {
    const mapped = graph.all(apiMappings).flatMap(({ resource }) => comesFrom(resource, "apiId", httpApis));
    for (const { resource, view } of graph.all(httpApis)) {
      const closed = known(() => view().disableExecuteApiEndpoint ?? false, tell);
      if (closed === false && mapped.includes(resource)) {
        yield { at: `${resource.name}.disableExecuteApiEndpoint`, found: false, allowed: "true", on: resource };
      }
    }
  },
});
