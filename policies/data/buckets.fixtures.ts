import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./buckets.ts";

const beside = (type: string, props: object, from: Made["from"] = { bucket: ["models"] }): readonly Made[] => [
  { type: "aws:s3/bucket:Bucket", name: "models", props: {} },
  { type, name: "beside", props, from },
];

const CLOSED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LOG = "aws:s3/bucketLogging:BucketLogging";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const VERSIONS = "aws:s3/bucketVersioning:BucketVersioning";

const tls = (secure: string) => ({
  policy: JSON.stringify({
    Statement: [
      { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": secure } } },
    ],
  }),
});

const LOGS: Made = { type: "aws:s3/bucket:Bucket", name: "logs", props: {} };
const logged = (props: object) => [LOGS, ...beside(LOG, props, { bucket: ["models"], targetBucket: ["logs"] })];

export const fixtures: FixturesOf<typeof rules> = {
  bucketClosed: {
    compliant: beside(BLOCK, CLOSED),
    violating: [
      { given: beside(BLOCK, { ...CLOSED, blockPublicPolicy: false }), found: "models: found no block" },
      { given: beside(BLOCK, CLOSED, {}), found: "models: found no block" },
    ],
    decides: "beside.blockPublicPolicy",
    absent: "broken",
  },
  bucketTls: {
    compliant: beside(POLICY, tls("false")),
    violating: [{ given: beside(POLICY, tls("true")), found: "models: found no refusal of plain HTTP" }],
    decides: "beside.policy",
    absent: "broken",
  },
  bucketLog: {
    compliant: logged({ targetBucket: "logs", targetPrefix: "s3/" }),
    violating: [{ given: logged({}), found: "models: found no access log" }],
    decides: "beside.targetBucket",
    absent: "broken",
  },
  bucketOwnership: {
    compliant: beside(OWNERSHIP, { rule: { objectOwnership: "BucketOwnerEnforced" } }),
    violating: [
      { given: beside(OWNERSHIP, { rule: { objectOwnership: "ObjectWriter" } }), found: "models: found no ownership" },
    ],
    decides: "beside.rule",
    absent: "broken",
  },
  bucketLifecycle: {
    compliant: beside(LIFECYCLE, { rules: [{ id: "tidy", status: "Enabled" }] }),
    violating: [
      {
        given: beside(LIFECYCLE, { rules: [{ id: "tidy", status: "Disabled" }] }),
        found: "models: found no life cycle",
      },
    ],
    decides: "beside.rules",
    absent: "broken",
  },
  bucketVersions: {
    compliant: beside(VERSIONS, { versioningConfiguration: { status: "Enabled" } }),
    violating: [
      {
        given: beside(VERSIONS, { versioningConfiguration: { status: "Suspended" } }),
        found: "models: found no versioning",
      },
    ],
    decides: "beside.versioningConfiguration",
    absent: "broken",
  },
  bucketKept: {
    compliant: { forceDestroy: false },
    violating: [{ given: { forceDestroy: true }, found: "found true" }],
    decides: "forceDestroy",
    absent: "kept",
  },
};
