/**
 * Secrets Manager. What a program generates it generates once: the first value is kept by `ignoreChanges`, everything
 * that needs it reads it back from the stored version, so a run that failed half-way never leaves two truths. Values
 * are Pulumi secrets from their first to their last step.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Context } from "./context.ts";
import { isProduction } from "./sizes.ts";

/** A deletion by mistake can be taken back in production; elsewhere a name must be free again at once. */
const RECOVERY_DAYS = { production: 30, elsewhere: 0 } as const;

export interface StoredSecret {
  /** Known once there is a value: whoever reads it in a hurry, as a starting task does, comes after that. */
  readonly arn: pulumi.Output<string>;
  /** One field of what is stored, a secret still. */
  readonly field: (name: string) => pulumi.Output<string>;
}

/**
 * A secret and its first value, which is written once and then left to whoever rotates it. The name carries no random
 * suffix, so that a restored secret is the same one.
 */
export function createSecret(
  { settings, tags }: Context,
  key: aws.kms.Key,
  name: string,
  description: string,
  fields: Readonly<Record<string, pulumi.Input<string>>>,
  dependsOn: pulumi.Resource[] = [],
): StoredSecret {
  const secret = new aws.secretsmanager.Secret(name, {
    name: `${settings.project}/${settings.stack}/${name}`,
    description,
    kmsKeyId: key.arn,
    recoveryWindowInDays: isProduction(settings) ? RECOVERY_DAYS.production : RECOVERY_DAYS.elsewhere,
    tags: tags(name),
  });
  const version = new aws.secretsmanager.SecretVersion(
    name,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(fields)) },
    { ignoreChanges: ["secretString"], dependsOn },
  );
  return {
    arn: pulumi.all([secret.arn, version.id]).apply(([arn]) => arn),
    field: (field) => pulumi.secret(version.secretString.apply((text) => fieldOf(text ?? "", field))),
  };
}

/** Secrets of the catalogue: theirs is the value that somebody puts in; we put in one with which a service starts. */
export function createCatalogueSecrets(context: Context, key: aws.kms.Key): Record<string, StoredSecret> {
  return Object.fromEntries(
    context.model.secrets.map(({ name, key: field }) => {
      // RFC 2606: resolves nowhere, so a service starts, and what it sends there fails and is kept.
      const first = field === "url" ? `${name}://unset.invalid` : randomText(KEY_LENGTH);
      return [name, createSecret(context, key, name, `Read by services as ${name}.${field}`, { [field]: first })];
    }),
  );
}

/** 43 of them are 256 bits, and as base64url a private key of P-256, which web push is signed with. @source RFC 8292 */
const KEY_LENGTH = 43;
const LENGTH = 40;

/** Letters and digits only: fit for a URL, an HTTP header and RDS alike. */
export function randomText(length = LENGTH): pulumi.Output<string> {
  const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput({
    passwordLength: length,
    excludePunctuation: true,
    requireEachIncludedType: true,
  });
  return pulumi.secret(randomPassword);
}

const stored = z.record(z.string(), z.string());

/** What is stored never shows in an error. @throws Error where the field is not there */
export function fieldOf(text: string, field: string): string {
  const fields = stored.safeParse(parsed(text)).data ?? {};
  const value = fields[field];
  if (value === undefined) throw new Error(`The stored secret is no JSON object with a field ${field}.`);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
