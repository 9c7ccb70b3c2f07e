import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./trust.ts";

const ACCOUNT = { StringEquals: { "aws:SourceAccount": "123456789012" } };
const document = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const trust = (statement: object) => ({ assumeRolePolicy: document({ Action: "sts:AssumeRole", ...statement }) });
const service = (name: string, rest: object = {}) => trust({ Principal: { Service: name }, ...rest });

const POD = {
  Action: ["sts:AssumeRole", "sts:TagSession"],
  Condition: {
    StringEquals: {
      "aws:RequestTag/kubernetes-namespace": "platform",
      "aws:RequestTag/kubernetes-service-account": "api",
    },
  },
};

export const fixtures: FixturesOf<typeof rules> = {
  trustNamed: {
    compliant: service("lambda.amazonaws.com"),
    violating: [
      { given: trust({ Principal: "*" }), found: "Statement.0.Principal: found anybody" },
      { given: trust({ Principal: { AWS: ["*"] } }), found: "found anybody" },
      { given: trust({ NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" } }), found: "found anybody" },
    ],
    decides: "assumeRolePolicy",
    absent: "kept",
  },
  trustForThisAccount: {
    compliant: service("ecs-tasks.amazonaws.com", { Condition: ACCOUNT }),
    violating: [{ given: service("ecs-tasks.amazonaws.com"), found: "found nothing for ecs-tasks.amazonaws.com" }],
    decides: "assumeRolePolicy",
    absent: "kept",
    configured: [
      { config: { services: ["backup.amazonaws.com"] }, given: service("backup.amazonaws.com"), then: "broken" },
      { config: { services: [] }, given: service("ecs-tasks.amazonaws.com"), then: "kept" },
    ],
  },
  trustOnePod: {
    compliant: service("pods.eks.amazonaws.com", POD),
    violating: [
      {
        given: service("pods.eks.amazonaws.com", { ...POD, Condition: ACCOUNT }),
        found: "not aws:RequestTag/kubernetes-namespace, aws:RequestTag/kubernetes-service-account",
      },
      {
        given: service("pods.eks.amazonaws.com", { ...POD, Action: "sts:AssumeRole" }),
        found: "Action: found sts:AssumeRole",
      },
    ],
    decides: "assumeRolePolicy",
    absent: "kept",
  },
  resourceNotPublic: {
    compliant: { policy: document({ Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage" }) },
    violating: [
      { given: { policy: document({ Principal: "*", Action: "s3:GetObject" }) }, found: "found anybody" },
      {
        given: { policy: document({ Principal: { AWS: "*" }, Action: "s3:*", Condition: { Bool: { x: "true" } } }) },
        found: "found anybody",
      },
    ],
    decides: "policy",
    absent: "kept",
  },
  metadataHops: {
    compliant: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } },
    violating: [{ given: { metadataOptions: { httpPutResponseHopLimit: 2 } }, found: "found 2" }],
    decides: "metadataOptions.httpPutResponseHopLimit",
    absent: "broken",
    configured: [{ config: { hops: 2 }, given: { metadataOptions: { httpPutResponseHopLimit: 2 } }, then: "kept" }],
  },
};
