/** The managed stores under mocks: what AWS's foundational controls ask of them, by their ids. */
import { expect } from "chai";
import { ofType, one, runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Registered, type Run } from "./support/types.ts";

const INSTANCE = "rds/instance:Instance";
const VERSION = "secretsmanager/secretVersion:SecretVersion";
const ROTATION = "secretsmanager/secretRotation:SecretRotation";

describe("the program's data, managed", () => {
  let dev: Run;
  let prod: Run;
  before(async () => {
    [dev, prod] = await Promise.all([runProgram("dev"), runProgram("prod")]);
  });
  const databases = (): readonly Registered[] => [...ofType(dev, INSTANCE), ...ofType(prod, INSTANCE)];

  for (const [control, wanted] of Object.entries({
    "RDS.2: not public": { publiclyAccessible: false },
    "RDS.3: encrypted": { storageEncrypted: true },
    "RDS.6: enhanced monitoring": { monitoringInterval: 60 },
    "RDS.8: deletion protection": { deletionProtection: true },
    "RDS.10: IAM authentication": { iamDatabaseAuthenticationEnabled: true },
    "RDS.13: minor upgrades": { autoMinorVersionUpgrade: true },
    "RDS.17: tags to snapshots": { copyTagsToSnapshot: true },
  })) {
    it(`${control}, writer and replicas`, () => {
      expect(databases().length).to.be.greaterThan(3);
      for (const { inputs } of databases()) expect(inputs).to.include(wanted);
    });
  }

  it("RDS.5, 11, 25: two zones, backups, a name of its own for the owner", () => {
    for (const run of [dev, prod]) {
      const { inputs } = one(run, INSTANCE, "database");
      expect(inputs).to.include({ multiAz: true, username: "cryptotracker_owner" });
      expect(inputs["backupRetentionPeriod"]).to.be.at.least(7);
    }
  });

  it("RDS.9/36: exports its logs", () => {
    for (const { inputs } of databases()) {
      expect(inputs["enabledCloudwatchLogsExports"]).to.deep.equal(["postgresql", "upgrade"]);
    }
  });

  it("RDS.46: no public subnet", () => {
    expect(JSON.stringify(one(prod, "rds/subnetGroup:SubnetGroup", "database").inputs)).not.to.contain("public");
  });

  it("pools connections by a proxy that knows both users that take turns, and not the owner", () => {
    const { inputs } = one(dev, "rds/proxy:Proxy", "database");
    const auths = inputs["auths"] as { secretArn: string; clientPasswordAuthType: string }[];
    expect(
      auths.map(({ secretArn }) =>
        secretArn
          .replace(/-AbCdEf$/, "")
          .split("/")
          .at(-1),
      ),
    ).to.deep.equal(["database-app-a", "database-app-b"]);
    for (const each of auths) expect(each.clientPasswordAuthType).to.equal("POSTGRES_SCRAM_SHA_256");
    expect(inputs).to.include({ requireTls: true });
  });

  it("ElastiCache.1–7: snapshots, minor upgrades, failover, encrypted at rest and in transit, a token, own subnets", () => {
    for (const run of [dev, prod]) {
      const { inputs } = one(run, "elasticache/replicationGroup:ReplicationGroup", "redis");
      expect(inputs).to.include({
        autoMinorVersionUpgrade: true,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        subnetGroupName: "redis",
      });
      expect(inputs["snapshotRetentionLimit"]).to.be.at.least(7);
      expect(inputs).to.have.property("authToken");
    }
  });

  it("MSK.1, 4, 6: TLS in the cluster, no public access, nobody unauthenticated", () => {
    const { inputs } = one(prod, "msk/cluster:Cluster", "kafka");
    expect(inputs["encryptionInfo"]).to.deep.include({ encryptionInTransit: { clientBroker: "TLS", inCluster: true } });
    expect(inputs["brokerNodeGroupInfo"]).to.deep.include({
      connectivityInfo: { publicAccess: { type: "DISABLED" } },
    });
    expect(inputs["clientAuthentication"]).to.deep.equal({ sasl: { iam: true, scram: false }, unauthenticated: false });
  });

  it("SecretsManager.1, 4: what we can rotate rotates, every thirty days, by a function of ours", () => {
    expect(ofType(dev, ROTATION).map(({ name }) => name)).to.have.members([
      "database-url",
      "database-owner",
      "redis-url",
    ]);
    for (const { name, inputs } of ofType(dev, ROTATION)) {
      expect(inputs, name).to.deep.include({ rotationRules: { automaticallyAfterDays: 30 }, rotateImmediately: false });
      expect(one(dev, "lambda/permission:Permission", `${name}-rotation`).inputs).to.include({
        principal: "secretsmanager.amazonaws.com",
        sourceArn: inputs["secretId"],
      });
    }
  });

  it("tells nobody a URL before its user exists in the database", () => {
    const url = one(dev, VERSION, "database-url");
    expect(url.dependsOn).to.include(one(dev, "lambda/invocation:Invocation", "database-users").urn);
    expect(url.dependsOn).to.include(one(dev, "rds/proxyTarget:ProxyTarget", "database").urn);
    expect(JSON.stringify(url.inputs)).to.contain("postgresql://cryptotracker_app_a:").and.not.contain("_owner");
  });

  it("lets a rotation function at the secrets of its own store and at nothing else", () => {
    const [secrets] = statements(one(dev, "iam/rolePolicy:RolePolicy", "database-rotation"));
    const names = (secrets?.Resource ?? []).map((arn) => arn.split("secret:cryptotracker/dev/")[1]);
    const own = ["database-owner", "database-app-a", "database-app-b", "database-url"];
    expect(names).to.deep.equal(own.map((name) => `${name}-??????`));
    for (const store of ["database", "redis"]) {
      for (const { Resource } of statements(one(dev, "iam/rolePolicy:RolePolicy", `${store}-rotation`))) {
        expect(Resource).not.to.include("*");
      }
    }
  });

  it("runs rotation inside the VPC, reached by nobody, with no secret in its environment", () => {
    const { inputs } = one(dev, "lambda/function:Function", "database-rotation");
    expect(inputs["vpcConfig"]).to.deep.equal({
      subnetIds: ["private-0-id", "private-1-id", "private-2-id"],
      securityGroupIds: ["database-rotation-id"],
    });
    expect(JSON.stringify(inputs["environment"])).not.to.contain(SECRET_MARKER);
    const into = ofType(dev, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(into.filter((rule) => rule.inputs["securityGroupId"] === "database-rotation-id")).to.deep.equal([]);
  });

  it("deploys the services that read a secret anew once it has been rotated", () => {
    const pattern = JSON.parse(
      String(one(dev, "cloudwatch/eventRule:EventRule", "rotated-database-url").inputs["eventPattern"]),
    ) as {
      detail: { eventName: string[]; additionalEventData: { SecretId: string[] } };
    };
    expect(pattern.detail.eventName).to.deep.equal(["RotationSucceeded"]);
    expect(pattern.detail.additionalEventData.SecretId[0]).to.contain("secret:cryptotracker/dev/database-url");
    const { inputs } = one(dev, "cloudwatch/eventTarget:EventTarget", "rotated-database-url");
    expect(JSON.parse(String(inputs["input"]))).to.deep.include({ cluster: "cryptotracker" });
    expect(String(inputs["input"])).to.contain("api-service").and.not.contain("migrations");
    const allowed = JSON.stringify(statements(one(dev, "iam/rolePolicy:RolePolicy", "rotation-restart"))[0]);
    expect(allowed).to.contain("ecs:UpdateService").and.not.contain('"*"');
  });
});

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

function statements({ inputs }: Registered): readonly Statement[] {
  return (JSON.parse(String(inputs["policy"])) as { Statement: Statement[] }).Statement;
}
