/** ElastiCache. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { caches } from "./subjects.ts";

export const cacheSnapshots = resourceRule({
  name: "elasticache-snapshots",
  description: "A cache can be put back to one of its last days: sessions are in it.",
  controls: ["ElastiCache.1"],
  severity: "high",
  remedy: "Raise snapshotRetentionLimit.",
  on: caches,
  parameters: z.strictObject({ days: z.int().positive().default(1) }),
  *check({ snapshotRetentionLimit: found = 0 }, { days }) {
    if (found < days) yield { at: "snapshotRetentionLimit", found: `${found} days`, allowed: `at least ${days} days` };
  },
});

export const cacheMinorVersions = resourceRule({
  name: "elasticache-minor-upgrades",
  description: "A cache takes the fixes of its version by itself.",
  controls: ["ElastiCache.2"],
  severity: "high",
  remedy: "Leave autoMinorVersionUpgrade out, or set it to true.",
  on: caches,
  *check({ autoMinorVersionUpgrade: found }) {
    if (found === false) yield { at: "autoMinorVersionUpgrade", found, allowed: "true" };
  },
  mend: () => ({ autoMinorVersionUpgrade: true }),
});

export const cacheFailover = resourceRule({
  name: "elasticache-failover",
  description: "Another node, in another zone, takes over when a cache's first one fails.",
  controls: ["ElastiCache.3"],
  severity: "medium",
  remedy: "Set automaticFailoverEnabled and multiAzEnabled, with two nodes or more.",
  on: caches,
  *check({ automaticFailoverEnabled, multiAzEnabled }) {
    if (!automaticFailoverEnabled) {
      yield { at: "automaticFailoverEnabled", found: automaticFailoverEnabled, allowed: "true" };
    } else if (!multiAzEnabled) yield { at: "multiAzEnabled", found: multiAzEnabled, allowed: "true" };
  },
});

export const cacheEncrypted = resourceRule({
  name: "elasticache-encrypted",
  description: "What a cache writes to disk is encrypted.",
  controls: ["ElastiCache.4"],
  severity: "medium",
  remedy: "Set atRestEncryptionEnabled to true.",
  on: caches,
  *check({ atRestEncryptionEnabled: found }) {
    if (!found) yield { at: "atRestEncryptionEnabled", found, allowed: "true" };
  },
});

export const cacheTls = resourceRule({
  name: "elasticache-tls",
  description: "A cache speaks TLS, and nothing else.",
  controls: ["ElastiCache.5"],
  severity: "medium",
  remedy: "Set transitEncryptionEnabled to true, and transitEncryptionMode to required.",
  on: caches,
  *check({ transitEncryptionEnabled, transitEncryptionMode = "required" }) {
    if (!transitEncryptionEnabled) {
      yield { at: "transitEncryptionEnabled", found: transitEncryptionEnabled, allowed: "true" };
    } else if (transitEncryptionMode !== "required") {
      yield { at: "transitEncryptionMode", found: transitEncryptionMode, allowed: "required" };
    }
  },
});

export const cacheAuthenticated = resourceRule({
  name: "elasticache-authentication",
  description: "A cache asks who is there.",
  controls: ["ElastiCache.6"],
  severity: "medium",
  remedy: "Set authToken, or userGroupIds.",
  on: caches,
  *check({ authToken, userGroupIds = [] }) {
    // The token itself is never shown.
    if ((authToken === undefined || authToken === "") && userGroupIds.length === 0) {
      yield { at: "authToken", found: undefined, allowed: "a token, or user groups" };
    }
  },
});

export const cacheSubnets = resourceRule({
  name: "elasticache-subnet-group",
  description: "A cache lives in a subnet group of its own, not in the account's default.",
  controls: ["ElastiCache.7"],
  severity: "high",
  remedy: "Set subnetGroupName to a group of isolated subnets.",
  on: caches,
  *check({ subnetGroupName: found }) {
    if (found === undefined || found === "default") {
      yield { at: "subnetGroupName", found, allowed: "a group of isolated subnets" };
    }
  },
});

export const cacheLastSnapshot = resourceRule({
  name: "elasticache-final-snapshot",
  description: "A cache that goes leaves a snapshot behind.",
  controls: ["ElastiCache.1"],
  severity: "low",
  remedy: "Set finalSnapshotIdentifier.",
  on: caches,
  *check({ finalSnapshotIdentifier: found }) {
    if (found === undefined) yield { at: "finalSnapshotIdentifier", found, allowed: "a name" };
  },
});
