/** S3. A bucket's properties are resources of their own, so its rules read the whole stack. */
import { comesFrom, type Graph, type Seen } from "../framework/graph.ts";
import type { Finding } from "../framework/finding.ts";
import type { Subject } from "../framework/given.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { readDocument } from "../identity/document.ts";
import {
  bucketLogs,
  bucketPolicies,
  buckets,
  lifecycles,
  ownerships,
  publicAccessBlocks,
  versionings,
} from "./subjects.ts";

type Tell = (what: string) => void;

/** A finding for each bucket beside which nothing of the subject stands that does what it should. */
function* without<Props, View>(
  graph: Graph,
  subject: Subject<Props, View>,
  does: (view: View) => boolean,
  what: string,
  tell: Tell,
): Iterable<Finding> {
  // One that a preview does not know counts: it decides when the stack is brought up.
  const good = graph.all(subject).filter(({ view }: Seen<View>) => known(() => does(view()), tell) ?? true);
  const covered = new Set(good.flatMap(({ resource }) => comesFrom(resource, "bucket", buckets)));
  for (const { resource } of graph.all(buckets)) {
    if (!covered.has(resource)) yield { at: resource.name, found: `no ${what}`, allowed: what, on: resource };
  }
}

export const bucketClosed = stackRule({
  name: "s3-public-access-block",
  description: "No bucket can be made public, by a policy or by an ACL.",
  controls: ["S3.1", "S3.8"],
  severity: "high",
  remedy: "Add a BucketPublicAccessBlock with all four switches on.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    yield* without(
      graph,
      publicAccessBlocks,
      ({ blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets }) =>
        [blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets].every((on) => on === true),
      "block of public access",
      tell,
    );
  },
});

export const bucketTls = stackRule({
  name: "s3-tls",
  description: "A bucket refuses who does not speak TLS.",
  controls: ["S3.5"],
  severity: "medium",
  remedy: "Add a bucket policy that denies s3:* where aws:SecureTransport is false.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    yield* without(graph, bucketPolicies, ({ policy }) => deniesPlain(policy), "refusal of plain HTTP", tell);
  },
});

function deniesPlain(policy: unknown): boolean {
  return readDocument(policy).some(
    ({ effect, actions, condition }) =>
      effect === "Deny" &&
      actions.some((action) => action === "s3:*" || action === "*") &&
      String(condition["Bool"]?.["aws:SecureTransport"]) === "false",
  );
}

export const bucketLog = stackRule({
  name: "s3-access-log",
  description: "Who read a bucket is logged, but for the bucket that takes the logs.",
  controls: ["S3.9"],
  severity: "medium",
  remedy: "Add a BucketLogging to the bucket of logs.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    const takes = new Set(
      graph.all(bucketLogs).flatMap(({ resource }) => comesFrom(resource, "targetBucket", buckets)),
    );
    const all = without(graph, bucketLogs, ({ targetBucket }) => targetBucket !== undefined, "access log", tell);
    for (const finding of all) {
      if (!finding.on || !takes.has(finding.on)) yield finding;
    }
  },
});

export const bucketOwnership = stackRule({
  name: "s3-no-acls",
  description: "A bucket's access is its policy's business alone: ACLs are switched off.",
  controls: ["S3.12"],
  severity: "medium",
  remedy: "Add BucketOwnershipControls with BucketOwnerEnforced.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    const enforced = "BucketOwnerEnforced";
    yield* without(graph, ownerships, ({ rule }) => rule?.objectOwnership === enforced, "ownership enforced", tell);
  },
});

export const bucketLifecycle = stackRule({
  name: "s3-lifecycle",
  description: "A bucket lets go of what nobody needs: old versions and unfinished uploads.",
  controls: ["S3.10", "S3.13"],
  severity: "low",
  remedy: "Add a BucketLifecycleConfiguration with an enabled rule.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    const enabled = ({ rules = [] }: ReturnType<(typeof lifecycles)["view"]>) =>
      rules.some(({ status }) => status === "Enabled");
    yield* without(graph, lifecycles, enabled, "life cycle", tell);
  },
});

export const bucketVersions = stackRule({
  name: "s3-versioning",
  description: "An object that is overwritten or deleted by mistake can be had back.",
  controls: ["S3.14"],
  severity: "medium",
  remedy: "Add a BucketVersioning with status Enabled.",
  over: [buckets],
  *check(graph, _parameters, tell) {
    const enabled = ({ versioningConfiguration }: ReturnType<(typeof versionings)["view"]>) =>
      versioningConfiguration?.status === "Enabled";
    yield* without(graph, versionings, enabled, "versioning", tell);
  },
});

export const bucketKept = resourceRule({
  name: "s3-kept",
  description: "A bucket that still holds objects is not deleted.",
  controls: ["S3.14"],
  severity: "high",
  remedy: "Leave forceDestroy out.",
  on: buckets,
  *check({ forceDestroy: found }) {
    if (found) yield { at: "forceDestroy", found, allowed: "false" };
  },
  mend: () => ({ forceDestroy: false }),
});
