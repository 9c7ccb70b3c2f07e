import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./api.ts";

const LOG = "arn:aws:logs:us-east-1:123456789012:log-group:api";
const stage = { apiId: "api-1" };
const limits = { throttlingRateLimit: 200, throttlingBurstLimit: 400 };
const domain = (securityPolicy: string) => ({
  domainName: "api.example.org",
  domainNameConfiguration: { endpointType: "REGIONAL", securityPolicy },
});

const mapped = (disableExecuteApiEndpoint: boolean): readonly Made[] => [
  { type: "aws:apigatewayv2/api:Api", name: "api", props: { protocolType: "HTTP", disableExecuteApiEndpoint } },
  { type: "aws:apigatewayv2/apiMapping:ApiMapping", name: "mapping", props: {}, from: { apiId: ["api"] } },
];

export const fixtures: FixturesOf<typeof rules> = {
  apiLog: {
    compliant: { ...stage, accessLogSettings: { destinationArn: LOG, format: "$context.requestId" } },
    violating: [{ given: { ...stage, accessLogSettings: {} }, found: "destinationArn: found nothing" }],
    decides: "accessLogSettings",
    absent: "broken",
  },
  apiThrottled: {
    compliant: { ...stage, defaultRouteSettings: limits },
    violating: [
      { given: { ...stage, defaultRouteSettings: {} }, found: "throttlingRateLimit: found nothing" },
      {
        given: { ...stage, defaultRouteSettings: { ...limits, throttlingBurstLimit: 0 } },
        found: "throttlingBurstLimit: found 0",
      },
    ],
    decides: "defaultRouteSettings",
    absent: "broken",
    configured: [{ config: { mostPerSecond: 100 }, given: { ...stage, defaultRouteSettings: limits }, then: "broken" }],
  },
  apiAuthorized: {
    compliant: { ...stage, routeKey: "$default", authorizationType: "JWT" },
    violating: [{ given: { ...stage, routeKey: "$default", authorizationType: "NONE" }, found: "found NONE" }],
    decides: "authorizationType",
    absent: "broken",
  },
  apiTls: {
    compliant: domain("TLS_1_2"),
    violating: [{ given: domain("TLS_1_0"), found: "found TLS_1_0" }],
    decides: "domainNameConfiguration.securityPolicy",
    absent: "broken",
  },
  apiOneWayIn: {
    compliant: mapped(true),
    violating: [{ given: mapped(false), found: "api.disableExecuteApiEndpoint: found false" }],
    decides: "api.disableExecuteApiEndpoint",
    absent: "broken",
  },
};
