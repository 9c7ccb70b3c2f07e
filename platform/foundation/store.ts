/** What a store answers to those who ask for it, whichever kind it is. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Store as StoreModel } from "../model/types.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";
import type { StoredSecret } from "./secrets.ts";

/** Where a store goes and who may know about it. */
export interface StorePlace {
  readonly context: Context;
  readonly network: Network;
  readonly group: aws.ec2.SecurityGroup;
  readonly secretsKey: aws.kms.Key;
  /** Encrypts the store's disks. */
  readonly dataKey: aws.kms.Key;
  /** AWS's APIs within the VPC. */
  readonly endpoints: aws.ec2.SecurityGroup;
  /** Ways out and endpoints: what calls AWS comes after them. */
  readonly ready: readonly pulumi.Resource[];
  readonly store: StoreModel;
}

export interface StoreAnswers {
  /** Attributes of `${store.<name>.…}`. */
  readonly attributes: Readonly<Record<string, pulumi.Output<string>>>;
  /** Secrets that come with it, by name. */
  readonly secrets: Readonly<Record<string, StoredSecret>>;
  /** A broker's topics, by name. */
  readonly topics?: Readonly<Record<string, aws.msk.Topic>>;
}
