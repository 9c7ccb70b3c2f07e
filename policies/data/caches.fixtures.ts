import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./caches.ts";

const CACHE = { description: "sessions" };

export const fixtures: FixturesOf<typeof rules> = {
  cacheSnapshots: {
    compliant: { ...CACHE, snapshotRetentionLimit: 7 },
    violating: [{ given: { ...CACHE, snapshotRetentionLimit: 0 }, found: "found 0 days" }],
    decides: "snapshotRetentionLimit",
    absent: "broken",
    configured: [{ config: { days: 14 }, given: { ...CACHE, snapshotRetentionLimit: 7 }, then: "broken" }],
  },
  cacheMinorVersions: {
    compliant: { ...CACHE, autoMinorVersionUpgrade: true },
    violating: [{ given: { ...CACHE, autoMinorVersionUpgrade: false }, found: "found false" }],
    decides: "autoMinorVersionUpgrade",
    absent: "kept",
  },
  cacheFailover: {
    compliant: { ...CACHE, automaticFailoverEnabled: true, multiAzEnabled: true },
    violating: [
      { given: { ...CACHE, automaticFailoverEnabled: false }, found: "automaticFailoverEnabled: found false" },
      { given: { ...CACHE, automaticFailoverEnabled: true }, found: "multiAzEnabled: found nothing" },
    ],
    decides: "automaticFailoverEnabled",
    absent: "broken",
  },
  cacheEncrypted: {
    compliant: { ...CACHE, atRestEncryptionEnabled: true },
    violating: [{ given: { ...CACHE, atRestEncryptionEnabled: false }, found: "found false" }],
    decides: "atRestEncryptionEnabled",
    absent: "broken",
  },
  cacheTls: {
    compliant: { ...CACHE, transitEncryptionEnabled: true },
    violating: [
      { given: { ...CACHE, transitEncryptionEnabled: false }, found: "transitEncryptionEnabled: found false" },
      {
        given: { ...CACHE, transitEncryptionEnabled: true, transitEncryptionMode: "preferred" },
        found: "transitEncryptionMode: found preferred",
      },
    ],
    decides: "transitEncryptionEnabled",
    absent: "broken",
  },
  cacheAuthenticated: {
    compliant: { ...CACHE, authToken: "generated-and-kept-in-secrets-manager" },
    violating: [{ given: { ...CACHE, authToken: "", userGroupIds: [] }, found: "authToken: found nothing" }],
    decides: "authToken",
    absent: "broken",
  },
  cacheSubnets: {
    compliant: { ...CACHE, subnetGroupName: "isolated" },
    violating: [{ given: { ...CACHE, subnetGroupName: "default" }, found: "found default" }],
    decides: "subnetGroupName",
    absent: "broken",
  },
  cacheLastSnapshot: {
    compliant: { ...CACHE, finalSnapshotIdentifier: "redis-final" },
    violating: [{ given: CACHE, found: "finalSnapshotIdentifier: found nothing" }],
    decides: "finalSnapshotIdentifier",
    absent: "broken",
  },
};
