/**
 * Secrets reach a task when it starts, and ECS does not restart it when they change: what Secrets Manager says after a
 * rotation makes every service that reads the secret deploy itself anew. The old value stays good until the next one.
 * Secrets Manager says so by way of CloudTrail, so the account needs a trail of management events.
 * @source Secrets Manager user guide, "Match Secrets Manager events with EventBridge", 2026-11
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { placeholdersIn } from "../../platform/model/placeholders.ts";
import type { EcsContext, Units } from "./deploy-context.ts";
import { createFunction } from "./deploy-function.ts";

const HANDLER = new URL("./deploy-rotation-handler.mjs", import.meta.url);
const NAME = "rotation-restart";
const TIMEOUT_SECONDS = 60;

/** A rule for each secret that a service reads. */
export function createRotationRestarts(
  services: ReadonlyMap<string, aws.ecs.Service>,
  cluster: aws.ecs.Cluster,
  context: EcsContext,
): void {
  const readers = readersOf(context.compiled.units, services);
  if (readers.size === 0) return;
  const restarter = createRestarter([...services.values()], context);
  for (const [secret, names] of readers) {
    const logicalName = `rotated-${secret}`;
    const arn = context.foundation.value({ kind: "secret", name: secret, attribute: "arn" });
    const rule = new aws.cloudwatch.EventRule(logicalName, {
      description: `${secret} has been rotated`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        detail: { eventName: ["RotationSucceeded"], additionalEventData: { SecretId: [arn] } },
      }),
      tags: context.tags(NAME),
    });
    const permission = new aws.lambda.Permission(logicalName, {
      function: restarter.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new aws.cloudwatch.EventTarget(
      logicalName,
      {
        rule: rule.name,
        arn: restarter.arn,
        input: pulumi.jsonStringify({
          cluster: cluster.name,
          services: names.map((name) => services.get(name)?.name ?? name),
        }),
      },
      { dependsOn: [permission] },
    );
  }
}

/** Secret → services that read it, both sorted. */
function readersOf(
  units: Units,
  services: ReadonlyMap<string, aws.ecs.Service>,
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const name of [...services.keys()].sort()) {
    const containers = units[name]?.taskDefinition.containerDefinitions ?? [];
    const texts = containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = "" }) => valueFrom));
    const secrets = texts.flatMap((text) => placeholdersIn(text)).filter(({ kind }) => kind === "secret");
    for (const secret of new Set(secrets.map((each) => each.name))) {
      readers.set(secret, [...(readers.get(secret) ?? []), name]);
    }
  }
  return new Map([...readers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function createRestarter(services: readonly aws.ecs.Service[], context: EcsContext): aws.lambda.Function {
  return createFunction(
    {
      name: NAME,
      service: NAME,
      source: HANDLER,
      timeoutSeconds: TIMEOUT_SECONDS,
      // A service's id is its ARN.
      statements: [{ actions: ["ecs:UpdateService"], resources: services.map(({ id }) => id) }],
    },
    context,
  );
}
