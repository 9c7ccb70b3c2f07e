/** RDS: who may reach a database and what keeps its data secret. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { databaseProxies, databases, isReplica, parameterGroups } from "./subjects.ts";

export const databasePublic = resourceRule({
  name: "rds-public-access",
  description: "A database has no public address.",
  controls: ["RDS.2"],
  severity: "critical",
  remedy: "Set publiclyAccessible to false.",
  on: databases,
  *check({ publiclyAccessible: found }) {
    if (found) yield { at: "publiclyAccessible", found, allowed: "false" };
  },
  mend: () => ({ publiclyAccessible: false }),
});

export const databaseSubnets = resourceRule({
  name: "rds-subnet-group",
  description: "A database lives in a subnet group of its own, not in the account's default subnets, which are public.",
  controls: ["RDS.46"],
  severity: "high",
  remedy: "Set dbSubnetGroupName to a group of isolated subnets.",
  on: databases,
  *check(database) {
    const found = database.dbSubnetGroupName;
    if (!isReplica(database) && (found === undefined || found === "default")) {
      yield { at: "dbSubnetGroupName", found, allowed: "a group of isolated subnets" };
    }
  },
});

export const databaseEncrypted = resourceRule({
  name: "rds-encrypted",
  description: "A database's disks are encrypted by a key of the platform's own.",
  controls: ["RDS.3"],
  severity: "high",
  remedy: "Set storageEncrypted and kmsKeyId; an open database is restored into an encrypted one.",
  on: databases,
  *check({ storageEncrypted, kmsKeyId }) {
    if (!storageEncrypted) yield { at: "storageEncrypted", found: storageEncrypted, allowed: "true" };
    else if (kmsKeyId === undefined) yield { at: "kmsKeyId", found: undefined, allowed: "a customer key" };
  },
});

export const databaseIdentity = resourceRule({
  name: "rds-iam-authentication",
  description: "A database takes AWS's identities too: a person needs no password of the application's.",
  controls: ["RDS.10"],
  severity: "medium",
  remedy: "Set iamDatabaseAuthenticationEnabled to true.",
  on: databases,
  *check({ iamDatabaseAuthenticationEnabled: found }) {
    if (!found) yield { at: "iamDatabaseAuthenticationEnabled", found, allowed: "true" };
  },
  mend: () => ({ iamDatabaseAuthenticationEnabled: true }),
});

export const databaseAdmin = resourceRule({
  name: "rds-admin-name",
  description: "A database's administrator has a name that nobody guesses first.",
  controls: ["RDS.25"],
  severity: "medium",
  remedy: "Set username to a name of the platform's own; it can't be changed later.",
  on: databases,
  parameters: z.strictObject({ usual: z.array(z.string()).default(["admin", "postgres", "root", "master"]) }),
  *check(database, { usual }) {
    const found = database.username;
    if (found === undefined ? !isReplica(database) : usual.includes(found)) {
      yield { at: "username", found, allowed: `not ${usual.join(", ")}` };
    }
  },
});

export const databaseTls = resourceRule({
  name: "rds-force-tls",
  description: "PostgreSQL refuses who does not speak TLS.",
  controls: ["RDS.38"],
  severity: "high",
  remedy: "Set rds.force_ssl to 1 in the parameter group.",
  on: parameterGroups,
  *check({ family, parameters = [] }) {
    if (!family?.startsWith("postgres")) return;
    const found = parameters.find(({ name }) => name === "rds.force_ssl")?.value;
    if (found !== "1") yield { at: "parameters.rds.force_ssl", found, allowed: "1" };
  },
});

export const proxyTls = resourceRule({
  name: "rds-proxy-tls",
  description: "A database's proxy refuses who does not speak TLS.",
  controls: ["RDS.38"],
  severity: "high",
  remedy: "Set requireTls to true.",
  on: databaseProxies,
  *check({ requireTls: found }) {
    if (!found) yield { at: "requireTls", found, allowed: "true" };
  },
});
