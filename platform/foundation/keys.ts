/** Customer keys, one a purpose, so that a policy can grant one without the other. */
import * as aws from "@pulumi/aws";
import type { Context } from "./context.ts";

/** Days in which a deletion by mistake can be taken back. */
const DELETION_WINDOW_DAYS = 30;

export function createKey({ name, tags }: Context, purpose: string, description: string): aws.kms.Key {
  const key = new aws.kms.Key(
    purpose,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      tags: tags(purpose),
    },
    { protect: true },
  );
  new aws.kms.Alias(purpose, { name: `alias/${name(purpose)}`, targetKeyId: key.id });
  return key;
}
