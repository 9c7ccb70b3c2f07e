/** S3: closed to the public, TLS only, no ACLs, versioned, with a life cycle and an access log. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policy, type Statement } from "./policy.ts";
import { createSites, type SiteOrigin } from "./site.ts";
import type { Context } from "./context.ts";

/** By the bucket's name in the catalogue. */
export type Buckets = Readonly<Record<string, aws.s3.Bucket>>;

export interface Storage {
  readonly buckets: Buckets;
  /** By the site's name. */
  readonly sites: Readonly<Record<string, SiteOrigin>>;
  /** Lets services write their logs: whoever logs there comes after it. */
  readonly logDelivery: readonly aws.s3.BucketPolicy[];
}

/** The one that all access logs go to; the catalogue has it under this name. */
const LOGS = "logs";
const NONCURRENT_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

export function createStorage(context: Context): Storage {
  const { model, name, tags } = context;
  const buckets = Object.fromEntries(
    model.buckets.map((bucket) => [
      bucket.name,
      new aws.s3.Bucket(
        bucket.name,
        { bucketPrefix: `${name(bucket.name)}-`, tags: tags(bucket.name) },
        { protect: true },
      ),
    ]),
  );
  const logs = buckets[LOGS];
  const sites = createSites(context, buckets);
  const policies = Object.entries(buckets).map(([each, bucket]) => ({
    each,
    allows: harden(context, each, bucket, logs, sites[each]),
  }));
  return { buckets, sites, logDelivery: policies.filter(({ each }) => each === LOGS).map(({ allows }) => allows) };
}

function harden(
  context: Context,
  name: string,
  bucket: aws.s3.Bucket,
  logs: aws.s3.Bucket | undefined,
  site: SiteOrigin | undefined,
): aws.s3.BucketPolicy {
  const target = { bucket: bucket.id };
  const closed = new aws.s3.BucketPublicAccessBlock(name, {
    ...target,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketOwnershipControls(name, { ...target, rule: { objectOwnership: "BucketOwnerEnforced" } });
  new aws.s3.BucketVersioning(name, { ...target, versioningConfiguration: { status: "Enabled" } });
  // S3's own key: the load balancer cannot write its log with a customer key.
  new aws.s3.BucketServerSideEncryptionConfiguration(name, {
    ...target,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
  });
  new aws.s3.BucketLifecycleConfiguration(name, {
    ...target,
    rules: [
      {
        id: "tidy",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
        noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
        ...(name === LOGS ? { expiration: { days: context.settings.logRetentionDays } } : {}),
      },
    ],
  });
  const isLogs = bucket === logs;
  // One policy a bucket: whoever writes a second one erases the first.
  const statements = [tlsOnly(bucket), ...(isLogs ? logDelivery(bucket) : []), ...(site ? [site.reads] : [])];
  const bucketPolicy = new aws.s3.BucketPolicy(
    name,
    { ...target, policy: policy(statements) },
    { dependsOn: [closed] },
  );
  if (logs && !isLogs) {
    new aws.s3.BucketLogging(name, { ...target, targetBucket: logs.id, targetPrefix: `s3/${name}/` });
  }
  return bucketPolicy;
}

function tlsOnly(bucket: aws.s3.Bucket): Statement {
  return {
    sid: "TlsOnly",
    effect: "Deny",
    principal: "*",
    actions: ["s3:*"],
    resources: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
    condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Load balancers and S3 itself write their logs as services. @source ELB user guide, "Access log bucket", 2026-11 */
function logDelivery(bucket: aws.s3.Bucket): readonly Statement[] {
  return [
    ["LoadBalancerLogs", "logdelivery.elasticloadbalancing.amazonaws.com", "alb/*"],
    ["BucketLogs", "logging.s3.amazonaws.com", "s3/*"],
  ].map(([sid, service, path]) => ({
    sid,
    principal: { Service: service ?? "" },
    actions: ["s3:PutObject"],
    resources: [pulumi.interpolate`${bucket.arn}/${path}`],
  }));
}
