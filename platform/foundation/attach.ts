/** A foundation across stacks: what its own stack says of it, and how another stack reads that back. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { buildsOf } from "../images.ts";
import type { Model, Problem, Result } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { keyOf } from "./fill.ts";
import type { OwnFoundation } from "./foundation.ts";
import { fieldOf } from "./secrets.ts";
import { entryName, type Foundation, type Listening } from "./shared.ts";
import { readOutputs } from "./stack-outputs.ts";

const ENTRIES = ["streams", "api"] as const;
const ZONES = [0, 1, 2] as const;
const TRIAL_SECRET = "secret.trial-header.arn";

/** ARNs, names and addresses by key, never a secret: what a placeholder asks for, and what sides need beside that. */
export function attachable(foundation: OwnFoundation): Readonly<Record<string, pulumi.Input<string>>> {
  const { accountId, alarmTopic, edge, network, repositories, secretsKey, settings, values } = foundation;
  return {
    ...values,
    ...Object.fromEntries(
      ENTRIES.flatMap((entry) => [
        [`edge.${entry}.listenerArn`, edge[entry].listenerArn],
        [`edge.${entry}.arnSuffix`, edge[entry].arnSuffix],
      ]),
    ),
    ...Object.fromEntries(Object.entries(repositories).map(([build, { arn }]) => [`repository.${build}.arn`, arn])),
    [TRIAL_SECRET]: edge.trialSecretArn,
    "account.id": accountId,
    "alarms.topicArn": alarmTopic.arn,
    "network.cidrs": cidrsOf(settings),
    "secretsKey.arn": secretsKey.arn,
    "vpc.id": network.vpcId,
  };
}

/** Compiled policies name them, so both stacks' settings must. */
function cidrsOf({ network }: Settings): string {
  return JSON.stringify([network.vpc, network.public, network.private, network.isolated]);
}

/** @param stack whose foundation it is. Every problem at once, before anything is registered */
export async function attachTo(stack: string, model: Model, settings: Settings): Promise<Result<Foundation>> {
  const { attach } = await readOutputs(stack, settings, ["attach"]);
  const read = z.record(z.string(), z.string()).safeParse(attach);
  if (!read.success) {
    const allowed = `a stack with a foundation on AWS that is up: pulumi up --stack ${stack}`;
    return refused([{ code: "foundation-missing", path: "settings.foundation", found: stack, allowed }]);
  }
  const given = read.data;
  const problems = [...lacking(given, stack, model), ...otherNetwork(given, stack, settings)];
  return problems.length > 0 ? refused(problems) : { ok: true, value: attached(given, model, settings) };
}

function refused(problems: readonly Problem[]): Result<never> {
  return { ok: false, problems };
}

type Given = Readonly<Record<string, string>>;

function lacking(given: Given, stack: string, model: Model): readonly Problem[] {
  return needs(model)
    .filter((key) => given[key] === undefined)
    .map((key) => ({
      code: "foundation-lacks",
      path: "settings.foundation",
      found: `${stack} without ${key}`,
      allowed: `a foundation made for the same model: bring ${stack} up with the same settings first`,
    }));
}

function needs(model: Model): readonly string[] {
  return [
    ...["account.id", "alarms.topicArn", "network.cidrs", "secretsKey.arn", "vpc.id", TRIAL_SECRET],
    ...ENTRIES.flatMap((entry) => [`edge.${entry}.listenerArn`, `edge.${entry}.arnSuffix`]),
    ...["securityGroup.edge.id", "securityGroup.endpoints.id", "prefixList.s3.id"],
    ...ZONES.map((zone) => `network.private-${zone}.subnetId`),
    ...model.workloads.map(({ name }) => `logGroup.${name}.arn`),
    ...buildsOf(model).map((build) => `repository.${build}.arn`),
    ...model.stores.map(({ name }) => `securityGroup.store-${name}.id`),
    ...(["topic", "queue", "bucket", "secret"] as const).flatMap((kind) =>
      model[`${kind}s`].map(({ name }) => `${kind}.${name}.arn`),
    ),
  ];
}

function otherNetwork(given: Given, stack: string, settings: Settings): readonly Problem[] {
  const theirs = given["network.cidrs"];
  if (theirs === undefined || theirs === cidrsOf(settings)) return [];
  return [
    {
      code: "foundation-network",
      path: "settings.network",
      found: cidrsOf(settings),
      allowed: `${theirs}, as ${stack} has it: compiled network policies name these ranges`,
    },
  ];
}

/** What is listed in `needs` is there. */
function attached(given: Given, model: Model, settings: Settings): Foundation {
  const answer = (key: string): pulumi.Output<string> => {
    const found = given[key];
    if (found === undefined) throw new Error(`Nothing in the foundation answers \${${key}}.`);
    return pulumi.output(found);
  };
  const entries = Object.fromEntries(
    ENTRIES.map((entry) => [
      entry,
      { listenerArn: answer(`edge.${entry}.listenerArn`), arnSuffix: answer(`edge.${entry}.arnSuffix`) },
    ]),
  ) as Readonly<Record<(typeof ENTRIES)[number], Listening>>;
  return {
    model,
    settings,
    accountId: answer("account.id"),
    network: {
      vpcId: answer("vpc.id"),
      privateSubnets: ZONES.map((zone) => ({ id: answer(`network.private-${zone}.subnetId`) })),
    },
    securityGroups: {
      endpoints: { id: answer("securityGroup.endpoints.id") },
      stores: byName(model.stores, (name) => ({ id: answer(`securityGroup.store-${name}.id`) })),
    },
    edge: { entryOf: (service) => entries[entryName(model, service)], trialSecret: trialSecret(answer(TRIAL_SECRET)) },
    logGroups: byName(model.workloads, (name) => ({ arn: answer(`logGroup.${name}.arn`) })),
    repositories: Object.fromEntries(
      buildsOf(model).map((build) => [build, { arn: answer(`repository.${build}.arn`) }]),
    ),
    secretsKey: { arn: answer("secretsKey.arn") },
    alarmTopic: { arn: answer("alarms.topicArn") },
    // It is up: there is nothing to wait for.
    ready: [],
    value: (placeholder) => answer(keyOf(placeholder)),
  };
}

function byName<T>(list: readonly { readonly name: string }[], of: (name: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(list.map(({ name }) => [name, of(name)]));
}

/** From where it is kept: outputs carry no secret from stack to stack. */
function trialSecret(arn: pulumi.Output<string>): pulumi.Output<string> {
  const { secretString } = aws.secretsmanager.getSecretVersionOutput({ secretId: arn });
  return pulumi.secret(secretString.apply((text) => fieldOf(text, "value")));
}
