/** IAM documents as data. Their shape is ours to write down once; ARNs come in as Outputs. */
import * as pulumi from "@pulumi/pulumi";

export interface Statement {
  readonly sid?: string;
  readonly effect?: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** Who, in a resource's own policy. */
  readonly principal?: Readonly<Record<string, pulumi.Input<string>>> | "*";
  readonly condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

const VERSION = "2012-10-17";

export function policy(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: VERSION,
    Statement: statements.map(({ sid, effect = "Allow", actions, resources, principal, condition }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      ...(principal === undefined ? {} : { Principal: principal }),
      Action: actions,
      Resource: resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

/** Who may take a role on: an AWS service, and only on behalf of this account where `sourceAccount` says which. */
export function trust(service: string, sourceAccount?: pulumi.Input<string>): pulumi.Output<string> {
  return trustBy(
    { Service: service },
    "sts:AssumeRole",
    sourceAccount === undefined ? undefined : { StringEquals: { "aws:SourceAccount": sourceAccount } },
  );
}

/** Who may take a role on, by which actions, under which condition. */
export function trustBy(
  principal: Readonly<Record<string, pulumi.Input<string>>>,
  actions: string | readonly string[],
  condition?: Statement["condition"],
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: VERSION,
    Statement: [
      {
        Effect: "Allow",
        Principal: principal,
        Action: actions,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
}
