import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./databases.ts";

const DATABASE = { instanceClass: "db.t4g.medium", engine: "postgres" };
const REPLICA = { ...DATABASE, replicateSourceDb: "database" };
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const PROXY = {
  engineFamily: "POSTGRESQL",
  roleArn: "arn:aws:iam::123456789012:role/proxy",
  vpcSubnetIds: ["subnet-1"],
};
const forced = (value: string) => ({ family: "postgres17", parameters: [{ name: "rds.force_ssl", value }] });

export const fixtures: FixturesOf<typeof rules> = {
  databasePublic: {
    compliant: { ...DATABASE, publiclyAccessible: false },
    violating: [{ given: { ...DATABASE, publiclyAccessible: true }, found: "found true" }],
    decides: "publiclyAccessible",
    absent: "kept",
  },
  databaseSubnets: {
    compliant: { ...DATABASE, dbSubnetGroupName: "isolated" },
    violating: [{ given: { ...DATABASE, dbSubnetGroupName: "default" }, found: "found default" }],
    decides: "dbSubnetGroupName",
    absent: "broken",
  },
  databaseEncrypted: {
    compliant: { ...DATABASE, storageEncrypted: true, kmsKeyId: KEY },
    violating: [
      { given: { ...DATABASE, storageEncrypted: false }, found: "storageEncrypted: found false" },
      { given: { ...DATABASE, storageEncrypted: true }, found: "kmsKeyId: found nothing" },
    ],
    decides: "storageEncrypted",
    absent: "broken",
  },
  databaseIdentity: {
    compliant: { ...DATABASE, iamDatabaseAuthenticationEnabled: true },
    violating: [{ given: { ...DATABASE, iamDatabaseAuthenticationEnabled: false }, found: "found false" }],
    decides: "iamDatabaseAuthenticationEnabled",
    absent: "broken",
  },
  databaseAdmin: {
    compliant: { ...DATABASE, username: "platform_owner" },
    violating: [{ given: { ...DATABASE, username: "postgres" }, found: "found postgres" }],
    decides: "username",
    absent: "broken",
    configured: [
      { config: { usual: ["owner"] }, given: { ...DATABASE, username: "owner" }, then: "broken" },
      { config: { usual: [] }, given: { ...DATABASE, username: "admin" }, then: "kept" },
      { config: {}, given: REPLICA, then: "kept" },
    ],
  },
  databaseTls: {
    compliant: forced("1"),
    violating: [{ given: forced("0"), found: "parameters.rds.force_ssl: found 0" }],
    decides: "parameters",
    absent: "broken",
  },
  proxyTls: {
    compliant: { ...PROXY, requireTls: true },
    violating: [{ given: { ...PROXY, requireTls: false }, found: "found false" }],
    decides: "requireTls",
    absent: "broken",
  },
};
