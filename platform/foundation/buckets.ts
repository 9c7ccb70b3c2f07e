/** S3: closed to the public, TLS only, no ACLs, versioned, with a life cycle and an access log. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policy, type Statement } from "./policy.ts";
import type { Context } from "./context.ts";

/** By the bucket's name in the catalogue. */
export type Buckets = Readonly<Record<string, aws.s3.Bucket>>;

export interface Storage {
  readonly buckets: Buckets;
  /**
   * Writes a site's bucket policy, what every bucket's says included. There is one policy a bucket, whoever writes a
   * second one erases the first, and a site's must name its distribution, which comes long after the bucket.
   */
  readonly permit: (site: string, statements: readonly Statement[]) => aws.s3.BucketPolicy;
  /** Lets services write their logs: whoever logs there comes after it. */
  readonly logDelivery: readonly aws.s3.BucketPolicy[];
}

/** The one that all access logs go to; the catalogue has it under this name. */
const LOGS = "logs";
/** Its folder for what CloudFront writes. */
export const SITE_LOGS = "cloudfront";
const NONCURRENT_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

export function createStorage(context: Context, accountId: pulumi.Output<string>): Storage {
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
  const writers = Object.fromEntries(
    Object.entries(buckets).map(([each, bucket]) => [each, harden(context, each, bucket, logs)]),
  );
  const permit = (each: string, statements: readonly Statement[]) => {
    const write = writers[each];
    if (!write) throw new Error(`There is no bucket ${each}.`);
    return write(statements);
  };
  const ofSites = model.sites.map(({ name: site }) => site);
  const rest = Object.keys(buckets).filter((each) => each !== LOGS && !ofSites.includes(each));
  for (const each of rest) permit(each, []);
  return { buckets, permit, logDelivery: logs ? [permit(LOGS, logDelivery(logs, accountId))] : [] };
}

/** Everything that a bucket needs but its policy, for which it returns the writer. */
function harden(
  context: Context,
  name: string,
  bucket: aws.s3.Bucket,
  logs: aws.s3.Bucket | undefined,
): (statements: readonly Statement[]) => aws.s3.BucketPolicy {
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
  if (logs && bucket !== logs) {
    new aws.s3.BucketLogging(name, { ...target, targetBucket: logs.id, targetPrefix: `s3/${name}/` });
  }
  return (statements) =>
    new aws.s3.BucketPolicy(
      name,
      { ...target, policy: policy([tlsOnly(bucket), ...statements]) },
      { dependsOn: [closed] },
    );
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

/**
 * Load balancers, S3 itself and CloudFront (by CloudWatch's delivery) write their logs as services, for this account
 * alone. @source ELB user guide, "Access log bucket"; CloudWatch Logs user guide, "Logs sent to S3", 2026-11
 */
function logDelivery(bucket: aws.s3.Bucket, accountId: pulumi.Output<string>): readonly Statement[] {
  const writers = [
    ["LoadBalancerLogs", "logdelivery.elasticloadbalancing.amazonaws.com", "alb/*"],
    ["BucketLogs", "logging.s3.amazonaws.com", "s3/*"],
    ["SiteLogs", "delivery.logs.amazonaws.com", `${SITE_LOGS}/*`],
  ] as const;
  return writers.map(([sid, service, path]) => ({
    sid,
    principal: { Service: service },
    actions: ["s3:PutObject"],
    resources: [pulumi.interpolate`${bucket.arn}/${path}`],
    condition: { StringEquals: { "aws:SourceAccount": accountId } },
  }));
}
