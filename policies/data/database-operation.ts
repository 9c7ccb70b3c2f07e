/** RDS: what lets a database outlive a zone, a mistake and its own growth. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { databases, isReplica } from "./subjects.ts";

export const databaseZones = resourceRule({
  name: "rds-multi-az",
  description: "A database has a standby in another zone.",
  controls: ["RDS.5"],
  severity: "medium",
  remedy: "Set multiAz to true.",
  on: databases,
  *check(database) {
    const found = database.multiAz;
    if (!found && !isReplica(database)) yield { at: "multiAz", found, allowed: "true" };
  },
});

export const databaseMonitoring = resourceRule({
  name: "rds-monitoring",
  description: "A database's operating system is measured, not only the database.",
  controls: ["RDS.6"],
  severity: "low",
  remedy: "Set monitoringInterval, and monitoringRoleArn.",
  on: databases,
  *check({ monitoringInterval: found = 0 }) {
    if (found === 0) yield { at: "monitoringInterval", found: "0 s", allowed: "1 to 60 s" };
  },
});

export const databaseDeletion = resourceRule({
  name: "rds-deletion-protection",
  description: "A database is not deleted by mistake.",
  controls: ["RDS.8"],
  severity: "high",
  remedy: "Set deletionProtection to true.",
  on: databases,
  *check({ deletionProtection: found }) {
    if (!found) yield { at: "deletionProtection", found, allowed: "true" };
  },
  mend: () => ({ deletionProtection: true }),
});

export const databaseLastSnapshot = resourceRule({
  name: "rds-final-snapshot",
  description: "A database that goes leaves a snapshot behind.",
  controls: ["RDS.8"],
  severity: "medium",
  remedy: "Leave skipFinalSnapshot out and name a finalSnapshotIdentifier.",
  on: databases,
  *check(database) {
    if (isReplica(database)) return;
    const { skipFinalSnapshot, finalSnapshotIdentifier } = database;
    if (skipFinalSnapshot) yield { at: "skipFinalSnapshot", found: true, allowed: "false" };
    else if (finalSnapshotIdentifier === undefined) {
      yield { at: "finalSnapshotIdentifier", found: undefined, allowed: "a name" };
    }
  },
});

export const databaseLogs = resourceRule({
  name: "rds-log-exports",
  description: "A database's log is kept where it outlives the database.",
  controls: ["RDS.9", "RDS.36"],
  severity: "medium",
  remedy: "Set enabledCloudwatchLogsExports to postgresql and upgrade.",
  on: databases,
  parameters: z.strictObject({ logs: z.array(z.string()).default(["postgresql"]) }),
  *check({ engine = "postgres", enabledCloudwatchLogsExports: exports = [] }, { logs }) {
    const missing = engine.includes("postgres") ? logs.filter((log) => !exports.includes(log)) : [];
    if (missing.length > 0) {
      yield { at: "enabledCloudwatchLogsExports", found: exports.join(", ") || undefined, allowed: logs.join(", ") };
    }
  },
});

export const databaseBackups = resourceRule({
  name: "rds-backups",
  description: "A database can be put back to any moment of its last days.",
  controls: ["RDS.11"],
  severity: "medium",
  remedy: "Raise backupRetentionPeriod.",
  on: databases,
  parameters: z.strictObject({ days: z.int().positive().default(7) }),
  *check(database, { days }) {
    const found = database.backupRetentionPeriod ?? 0;
    if (!isReplica(database) && found < days) {
      yield { at: "backupRetentionPeriod", found: `${found} days`, allowed: `at least ${days} days` };
    }
  },
});

export const databaseMinorVersions = resourceRule({
  name: "rds-minor-upgrades",
  description: "A database takes the fixes of its version by itself.",
  controls: ["RDS.13"],
  severity: "high",
  remedy: "Leave autoMinorVersionUpgrade out, or set it to true.",
  on: databases,
  *check({ autoMinorVersionUpgrade: found }) {
    if (found === false) yield { at: "autoMinorVersionUpgrade", found, allowed: "true" };
  },
  mend: () => ({ autoMinorVersionUpgrade: true }),
});

export const databaseSnapshotTags = resourceRule({
  name: "rds-snapshot-tags",
  description: "A snapshot carries the tags of its database: whose it is stays known.",
  controls: ["RDS.17"],
  severity: "low",
  remedy: "Set copyTagsToSnapshot to true.",
  on: databases,
  *check({ copyTagsToSnapshot: found }) {
    if (!found) yield { at: "copyTagsToSnapshot", found, allowed: "true" };
  },
  mend: () => ({ copyTagsToSnapshot: true }),
});

export const databaseGrows = resourceRule({
  name: "rds-storage-autoscaling",
  description: "A database's disk grows before it is full.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Set maxAllocatedStorage above allocatedStorage.",
  on: databases,
  *check(database) {
    if (isReplica(database)) return;
    const { allocatedStorage = 0, maxAllocatedStorage: found = 0 } = database;
    if (found <= allocatedStorage) {
      yield { at: "maxAllocatedStorage", found: `${found} GiB`, allowed: `above ${allocatedStorage} GiB` };
    }
  },
});
