import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./database-operation.ts";

const DATABASE = { instanceClass: "db.t4g.medium", engine: "postgres" };
const REPLICA = { ...DATABASE, replicateSourceDb: "database" };

export const fixtures: FixturesOf<typeof rules> = {
  databaseZones: {
    compliant: { ...DATABASE, multiAz: true },
    violating: [{ given: { ...DATABASE, multiAz: false }, found: "found false" }],
    decides: "multiAz",
    absent: "broken",
  },
  databaseMonitoring: {
    compliant: { ...DATABASE, monitoringInterval: 60 },
    violating: [{ given: { ...DATABASE, monitoringInterval: 0 }, found: "found 0 s" }],
    decides: "monitoringInterval",
    absent: "broken",
  },
  databaseDeletion: {
    compliant: { ...DATABASE, deletionProtection: true },
    violating: [{ given: { ...DATABASE, deletionProtection: false }, found: "found false" }],
    decides: "deletionProtection",
    absent: "broken",
  },
  databaseLastSnapshot: {
    compliant: { ...DATABASE, finalSnapshotIdentifier: "database-final" },
    violating: [
      { given: { ...DATABASE, skipFinalSnapshot: true }, found: "skipFinalSnapshot: found true" },
      { given: { ...DATABASE, skipFinalSnapshot: false }, found: "finalSnapshotIdentifier: found nothing" },
    ],
    decides: "skipFinalSnapshot",
    absent: "kept",
  },
  databaseLogs: {
    compliant: { ...DATABASE, enabledCloudwatchLogsExports: ["postgresql", "upgrade"] },
    violating: [{ given: { ...DATABASE, enabledCloudwatchLogsExports: ["upgrade"] }, found: "found upgrade" }],
    decides: "enabledCloudwatchLogsExports",
    absent: "broken",
    configured: [{ config: { logs: [] }, given: DATABASE, then: "kept" }],
  },
  databaseBackups: {
    compliant: { ...DATABASE, backupRetentionPeriod: 7 },
    violating: [{ given: { ...DATABASE, backupRetentionPeriod: 1 }, found: "found 1 days" }],
    decides: "backupRetentionPeriod",
    absent: "broken",
    configured: [
      { config: { days: 30 }, given: { ...DATABASE, backupRetentionPeriod: 7 }, then: "broken" },
      { config: {}, given: REPLICA, then: "kept" },
    ],
  },
  databaseMinorVersions: {
    compliant: { ...DATABASE, autoMinorVersionUpgrade: true },
    violating: [{ given: { ...DATABASE, autoMinorVersionUpgrade: false }, found: "found false" }],
    decides: "autoMinorVersionUpgrade",
    absent: "kept",
  },
  databaseSnapshotTags: {
    compliant: { ...DATABASE, copyTagsToSnapshot: true },
    violating: [{ given: { ...DATABASE, copyTagsToSnapshot: false }, found: "found false" }],
    decides: "copyTagsToSnapshot",
    absent: "broken",
  },
  databaseGrows: {
    compliant: { ...DATABASE, allocatedStorage: 50, maxAllocatedStorage: 200 },
    violating: [{ given: { ...DATABASE, allocatedStorage: 50, maxAllocatedStorage: 50 }, found: "found 50 GiB" }],
    decides: "maxAllocatedStorage",
    absent: "broken",
  },
};
