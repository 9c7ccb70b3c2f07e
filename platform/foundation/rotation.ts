/**
 * Rotation of a store's secrets (SecretsManager.1, 4): a function inside the VPC that Secrets Manager alone may call,
 * and that may read and write the secrets of its own store and no others.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policy, trust, type Statement } from "./policy.ts";
import { bundle } from "./rotation-bundle.ts";
import type { StoredSecret } from "./secrets.ts";
import type { StorePlace } from "./store.ts";

/** Lambda's longest run. @source Lambda quotas, 2026-11 */
const LONGEST_SECONDS = 900;
const EVERY_DAYS = 30;
const HTTPS = 443;

export interface RotatorForm {
  readonly kind: "postgres" | "redis";
  /** What the function is told, `ROTATION` in its environment; ids and addresses, never a value. */
  readonly config: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** Names of the secrets that it changes. */
  readonly secrets: readonly string[];
  /** Any ARN of this account's secrets, to write the others' after. */
  readonly example: pulumi.Output<string>;
  /** Beyond secrets and logs. */
  readonly statements?: readonly Statement[];
  /** npm packages that travel with it. */
  readonly packages?: readonly string[];
  /** An API without an endpoint in the VPC is reached by the NAT gateway. */
  readonly internet?: boolean;
}

export function createRotator(place: StorePlace, form: RotatorForm): aws.lambda.Function {
  const { context, store, network } = place;
  const logicalName = `${store.name}-rotation`;
  const tags = context.tags(logicalName);
  const logs = new aws.cloudwatch.LogGroup(logicalName, {
    name: `/aws/lambda/${context.name(logicalName)}`,
    retentionInDays: context.settings.logRetentionDays,
    tags,
  });
  const role = new aws.iam.Role(logicalName, { assumeRolePolicy: trust("lambda.amazonaws.com"), tags });
  const permissions = [
    new aws.iam.RolePolicy(logicalName, { role: role.name, policy: policy(statements(place, form, logs)) }),
    // Network interfaces of its own: AWS names no resource for them.
    new aws.iam.RolePolicyAttachment(logicalName, {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    }),
  ];
  const { group, rules } = createGroup(place, form);
  return new aws.lambda.Function(
    logicalName,
    {
      runtime: "nodejs22.x",
      handler: `${form.kind}-handler.handler`,
      code: bundle([`${form.kind}-handler.mjs`, `${form.kind}.mjs`, "steps.mjs", "aws.mjs"], form.packages ?? []),
      role: role.arn,
      timeout: LONGEST_SECONDS,
      memorySize: 256,
      vpcConfig: { subnetIds: network.privateSubnets.map(({ id }) => id), securityGroupIds: [group.id] },
      environment: {
        variables: {
          ROTATION: pulumi.jsonStringify(form.config),
          // RDS signs with a root that Node does not know. @source Lambda developer guide, "Node.js, certificates", 2026-11
          NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      tags,
    },
    { dependsOn: [...permissions, ...rules, ...place.ready] },
  );
}

/** Rotates a secret every thirty days, for the first time then: what has just been made is new. */
export function rotateSecret(
  { context }: StorePlace,
  name: string,
  { arn }: StoredSecret,
  rotator: aws.lambda.Function,
  dependsOn: pulumi.Resource[],
): void {
  const permission = new aws.lambda.Permission(`${name}-rotation`, {
    function: rotator.name,
    action: "lambda:InvokeFunction",
    principal: "secretsmanager.amazonaws.com",
    sourceArn: arn,
    statementId: context.name(`${name}-rotation`),
  });
  new aws.secretsmanager.SecretRotation(
    name,
    {
      secretId: arn,
      rotationLambdaArn: rotator.arn,
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: EVERY_DAYS },
    },
    { dependsOn: [permission, ...dependsOn] },
  );
}

function statements(
  { context, secretsKey }: StorePlace,
  { secrets, example, statements: more = [] }: RotatorForm,
  logs: aws.cloudwatch.LogGroup,
): readonly Statement[] {
  const { project, stack, region } = context.settings;
  return [
    {
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      // Secrets Manager ends each ARN with six characters of its own; some of these come into being after the function.
      resources: secrets.map((name) =>
        example.apply((arn) => `${arn.split(":secret:")[0] ?? ""}:secret:${project}/${stack}/${name}-??????`),
      ),
    },
    {
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [secretsKey.arn],
      condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${logs.arn}:*`] },
    ...more,
  ];
}

/** Reaches its store and AWS, and nobody reaches it. */
function createGroup(
  { context, network, group: store, endpoints, store: { name, port } }: StorePlace,
  form: RotatorForm,
) {
  const logicalName = `${name}-rotation`;
  const tags = context.tags(logicalName);
  const group = new aws.ec2.SecurityGroup(logicalName, {
    vpcId: network.vpcId,
    description: `Rotates the secrets of ${name}`,
    tags,
  });
  const between = (peer: string, to: aws.ec2.SecurityGroup, toPort: number) => {
    const rule = { ipProtocol: "tcp", fromPort: toPort, toPort, description: "Secret rotation", tags };
    const ruleName = `${logicalName}-${peer}`;
    return [
      new aws.vpc.SecurityGroupEgressRule(ruleName, {
        ...rule,
        securityGroupId: group.id,
        referencedSecurityGroupId: to.id,
      }),
      new aws.vpc.SecurityGroupIngressRule(ruleName, {
        ...rule,
        securityGroupId: to.id,
        referencedSecurityGroupId: group.id,
      }),
    ];
  };
  const out = {
    securityGroupId: group.id,
    cidrIpv4: "0.0.0.0/0",
    ipProtocol: "tcp",
    fromPort: HTTPS,
    toPort: HTTPS,
    description: "An AWS API without an endpoint here",
    tags,
  };
  const rules = [...between("store", store, port), ...between("endpoints", endpoints, HTTPS)];
  return {
    group,
    rules: form.internet ? [...rules, new aws.vpc.SecurityGroupEgressRule(`${logicalName}-api`, out)] : rules,
  };
}
