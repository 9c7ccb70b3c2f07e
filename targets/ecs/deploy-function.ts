/** A small function of ours beside the services: its log, its role, its one file of source. It lives outside the VPC. */
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policy, trust } from "../../platform/foundation/index.ts";
import type { EcsContext } from "./deploy-context.ts";

export interface FunctionSpec {
  /** `migrations-runner`; unique in the program. */
  readonly name: string;
  /** Whose costs it counts to. */
  readonly service: string;
  /** The handler's source, plain JavaScript that needs nothing but Lambda's own runtime. */
  readonly source: URL;
  readonly timeoutSeconds: number;
  /** What it may do, beside writing its log. */
  readonly statements: Parameters<typeof policy>[0];
}

export function createFunction(spec: FunctionSpec, { foundation, tags }: EcsContext): aws.lambda.Function {
  const { name, service, source, timeoutSeconds, statements } = spec;
  const { project, stack, logRetentionDays } = foundation.settings;
  const logs = new aws.cloudwatch.LogGroup(name, {
    name: `/aws/lambda/${project}-${stack}-${name}`,
    retentionInDays: logRetentionDays,
    tags: tags(service),
  });
  const role = new aws.iam.Role(name, { assumeRolePolicy: trust("lambda.amazonaws.com"), tags: tags(service) });
  const permission = new aws.iam.RolePolicy(name, {
    role: role.name,
    policy: policy([
      ...statements,
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${logs.arn}:*`] },
    ]),
  });
  return new aws.lambda.Function(
    name,
    {
      runtime: "nodejs22.x",
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(readFileSync(source, "utf8")) }),
      role: role.arn,
      timeout: timeoutSeconds,
      memorySize: 128,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      tags: tags(service),
    },
    { dependsOn: [permission] },
  );
}
