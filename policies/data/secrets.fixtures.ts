import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./secrets.ts";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const days = (automaticallyAfterDays: number) => ({ secretId: "s", rotationRules: { automaticallyAfterDays } });

const rotated = (props: object, from: Made["from"] = { secretId: ["owner"] }): readonly Made[] => [
  { type: "aws:secretsmanager/secret:Secret", name: "owner", props: {} },
  { type: "aws:secretsmanager/secretRotation:SecretRotation", name: "rotation", props, from },
];

const APP: Made = { type: "aws:secretsmanager/secret:Secret", name: "app-a", props: {} };

export const fixtures: FixturesOf<typeof rules> = {
  keyRotated: {
    compliant: { enableKeyRotation: true },
    violating: [{ given: { enableKeyRotation: false }, found: "found false" }],
    decides: "enableKeyRotation",
    absent: "broken",
  },
  keyDeletion: {
    compliant: { deletionWindowInDays: 30 },
    violating: [{ given: { deletionWindowInDays: 7 }, found: "found 7 days" }],
    decides: "deletionWindowInDays",
    absent: "kept",
    configured: [{ config: { days: 7 }, given: { deletionWindowInDays: 7 }, then: "kept" }],
  },
  secretKey: {
    compliant: { kmsKeyId: KEY },
    violating: [{ given: { kmsKeyId: "" }, found: "kmsKeyId: found" }],
    decides: "kmsKeyId",
    absent: "broken",
  },
  secretRotated: {
    compliant: rotated({ rotationRules: { automaticallyAfterDays: 30 } }),
    violating: [
      { given: rotated({}), found: "owner: found no rotation" },
      { given: rotated({ rotationRules: {} }, {}), found: "owner: found no rotation" },
    ],
    decides: "rotation.rotationRules",
    absent: "broken",
    configured: [
      { config: { writtenBy: { "app-a": "owner" } }, given: [...rotated({ rotationRules: {} }), APP], then: "kept" },
      { config: { writtenBy: { "app-a": "url" } }, given: [...rotated({ rotationRules: {} }), APP], then: "broken" },
    ],
  },
  rotationOften: {
    compliant: days(30),
    violating: [{ given: days(365), found: "found 365" }],
    decides: "rotationRules",
    absent: "broken",
    configured: [{ config: { days: 7 }, given: days(30), then: "broken" }],
  },
};
