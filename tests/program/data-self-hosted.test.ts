/** Stores on instances of ours under mocks: EC2.8, disks that stay, names that clients can verify, the same workloads. */
import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { plain } from "./support/marks.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Run } from "./support/types.ts";

const VERSION = "secretsmanager/secretVersion:SecretVersion";
const ROTATION = "secretsmanager/secretRotation:SecretRotation";
const EDGE = { domain: "cryptotracker.example.org", hostedZoneId: "Z0123456789EXAMPLE" };
const SELF_HOSTED = { config: { "cryptotracker:stores": "selfHosted", "cryptotracker:edge": EDGE } };

describe("the program's data, self-hosted", () => {
  let run: Run;
  let managed: Run;
  before(async () => {
    [run, managed] = await Promise.all([
      runProgram("dev", SELF_HOSTED),
      runProgram("dev", { config: { "cryptotracker:edge": EDGE } }),
    ]);
  });

  it("comes up without RDS and ElastiCache, Kafka as before", () => {
    expect(run.error).to.equal(undefined);
    expect(ofType(run, "rds/instance:Instance")).to.deep.equal([]);
    expect(ofType(run, "elasticache/replicationGroup:ReplicationGroup")).to.deep.equal([]);
    one(run, "msk/cluster:Cluster", "kafka");
  });

  it("changes no workload", () => {
    for (const type of ["ecs/taskDefinition:TaskDefinition", "ecs/service:Service"]) {
      const inputs = (of: Run) => Object.fromEntries(ofType(of, type).map((each) => [each.name, each.inputs]));
      expect(inputs(run)).to.deep.equal(inputs(managed));
    }
  });

  it("runs TimescaleDB on an IOPS-optimised and Redis on memory-optimised instances, in zones of their own", () => {
    const machines = ofType(run, "ec2/instance:Instance").filter(({ name }) => name.startsWith("store-"));
    expect(machines.map(({ name, inputs }) => [name, inputs["instanceType"], inputs["subnetId"]])).to.have.deep.members(
      [
        ["store-database", "i4i.large", "private-0-id"],
        ["store-redis", "r7i.large", "private-0-id"],
        ["store-redis-replica-0", "r7i.large", "private-1-id"],
      ],
    );
  });

  it("EC2.8: IMDSv2 only, one hop; pinned to its image; SSM, no key pair", () => {
    for (const { inputs, ignoreChanges } of ofType(run, "ec2/instance:Instance")) {
      expect(inputs["metadataOptions"]).to.deep.equal({
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
      expect(inputs["ami"]).to.match(/^ami-/);
      expect(ignoreChanges).to.deep.equal(["ami"]);
      expect(inputs).not.to.have.property("keyName");
    }
    expect(one(run, "iam/rolePolicyAttachment:RolePolicyAttachment", "store-database").inputs["policyArn"]).to.contain(
      "AmazonSSMManagedInstanceCore",
    );
  });

  it("keeps data on volumes that outlive instances: protected, encrypted by our key, with a snapshot a day", () => {
    const volumes = ofType(run, "ebs/volume:Volume");
    expect(volumes.map(({ name }) => name)).to.have.members(["store-database", "store-redis", "store-redis-replica-0"]);
    for (const { protect, inputs } of volumes) {
      expect(protect).to.equal(true);
      expect(inputs).to.include({ encrypted: true, finalSnapshot: true });
      expect(inputs).to.have.property("kmsKeyId");
    }
    expect(one(run, "ebs/volume:Volume", "store-database").inputs).to.include({ type: "io2", iops: 3000 });
    const { policyDetails } = one(run, "dlm/lifecyclePolicy:LifecyclePolicy", "store-database-backup").inputs as {
      policyDetails: { targetTags: Record<string, string> };
    };
    expect(policyDetails.targetTags).to.deep.equal({ backup: "cryptotracker-dev-database" });
    const { tags } = one(run, "ebs/volume:Volume", "store-database").inputs as { tags: Record<string, string> };
    expect(tags).to.include(policyDetails.targetTags);
  });

  it("formats an empty volume only, speaks TLS only, and carries no secret in its user data", () => {
    const script = (name: string) =>
      Buffer.from(String(one(run, "ec2/instance:Instance", name).inputs["userDataBase64"]), "base64").toString();
    expect(script("store-database"))
      .to.contain('blkid -p "$device" || [ $? -ne 2 ] || mkfs.xfs')
      .and.contain("hostssl all");
    expect(script("store-database")).to.contain("store-database").and.not.contain(SECRET_MARKER);
    expect(script("store-redis")).to.contain("\nport 0\n").and.contain("tls-port 6379").and.not.contain("replicaof");
    expect(script("store-redis-replica-0")).to.contain("replicaof redis.stores.cryptotracker.example.org 6379");
  });

  it("is a script that a shell can read", () => {
    for (const { inputs } of ofType(run, "ec2/instance:Instance")) {
      const script = Buffer.from(String(inputs["userDataBase64"]), "base64");
      expect(spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr).to.equal("");
    }
  });

  it("protects no workload", () => {
    for (const { name, type, protect } of run.resources) {
      if (/^aws:ecs\/(service|taskDefinition):/.test(type)) expect(protect, name).to.equal(false);
    }
  });

  it("answers under a name whose certificate clients can verify", () => {
    const certificate = one(run, "acm/certificate:Certificate", "store-redis").inputs;
    expect(certificate).to.deep.include({
      domainName: "redis.stores.cryptotracker.example.org",
      options: { export: "ENABLED" },
    });
    expect(JSON.stringify(one(run, VERSION, "redis-url").inputs)).to.contain(
      "@redis.stores.cryptotracker.example.org:6379",
    );
    expect(JSON.stringify(one(run, VERSION, "database-url").inputs)).to.contain(
      "@database.stores.cryptotracker.example.org:5432",
    );
  });

  it("SecretsManager.1: rotates the database's secrets as for RDS", () => {
    expect(ofType(run, ROTATION).map(({ name }) => name)).to.have.members(["database-url", "database-owner"]);
  });

  it("opens a store's group to its clients and its own kind alone, and shows no secret", () => {
    for (const { inputs } of ofType(run, "vpc/securityGroupIngressRule:SecurityGroupIngressRule")) {
      if (String(inputs["securityGroupId"]).startsWith("store-")) expect(inputs).not.to.have.property("cidrIpv4");
    }
    expect(JSON.stringify(plain([run.resources, run.outputs]))).not.to.contain(SECRET_MARKER);
  });

  it("is refused without a domain, before anything is registered, with what would be allowed", async () => {
    const refused = await runProgram("dev", { config: { "cryptotracker:stores": "selfHosted" } });
    expect(refused.error?.kind).to.equal("RunError");
    expect(refused.error?.message).to.contain(
      "stores-without-domain  settings.edge.domain: found nothing; allowed: domain",
    );
    expect(refused.resources).to.deep.equal([]);
  });
});
