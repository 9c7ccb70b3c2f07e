/** The shared part: what AWS's foundational controls ask of it, by their ids. */
import { expect } from "chai";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Run } from "./support/types.ts";

describe("the program's foundation", () => {
  let dev: Run;
  let prod: Run;
  before(async () => {
    [dev, prod] = await Promise.all([runProgram("dev"), runProgram("prod")]);
  });

  it("reaches AWS APIs by endpoints and records flows and DNS queries", () => {
    const services = ofType(dev, "ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) =>
      String(inputs["serviceName"]).split(".").slice(3).join("."),
    );
    expect(services).to.have.members(["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "sns", "sqs", "sts"]);
    expect(ofType(dev, "ec2/flowLog:FlowLog")).to.have.length(1);
    expect(ofType(dev, "route53/resolverQueryLogConfig:ResolverQueryLogConfig")).to.have.length(1);
  });

  it("S3.1/8, 5, 9, 12, 13: every bucket closed, TLS only, logged, without ACLs, with a life cycle", () => {
    const names = ofType(dev, "s3/bucket:Bucket").map(({ name }) => name);
    expect(names).to.have.members(["models", "datasets", "web", "logs"]);
    for (const name of names) {
      expect(one(dev, "s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name).inputs).to.include({
        blockPublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(String(one(dev, "s3/bucketPolicy:BucketPolicy", name).inputs["policy"])).to.contain("aws:SecureTransport");
      one(dev, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", name);
      one(dev, "s3/bucketOwnershipControls:BucketOwnershipControls", name);
      if (name !== "logs") one(dev, "s3/bucketLogging:BucketLogging", name);
    }
  });

  it("ELB.4, 5, 6, 12: invalid headers dropped, logged, not to be deleted, desync defensive; 404 by default", () => {
    const { inputs } = one(dev, "lb/loadBalancer:LoadBalancer", "edge");
    expect(inputs).to.include({
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
      desyncMitigationMode: "defensive",
      idleTimeout: 120,
    });
    expect(inputs["accessLogs"]).to.include({ enabled: true, bucket: "bucket-logs" });
    expect(JSON.stringify(one(dev, "lb/listener:Listener", "edge").inputs)).to.contain('"statusCode":"404"');
  });

  it("ECR.1–3: scanned, immutable, tidied", () => {
    for (const { name, inputs } of ofType(dev, "ecr/repository:Repository")) {
      expect(inputs).to.deep.include({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
      });
      one(dev, "ecr/lifecyclePolicy:LifecyclePolicy", name);
    }
  });

  it("gives every queue a dead-letter queue, fed by a topic", () => {
    for (const name of ["ml-requests", "ml-results"]) {
      const { inputs } = one(dev, "sqs/queue:Queue", name);
      expect(JSON.parse(String(inputs["redrivePolicy"]))).to.include({ maxReceiveCount: 5 });
      one(dev, "sqs/queue:Queue", `${name}-dead`);
      one(dev, "sns/topicSubscription:TopicSubscription", name);
    }
  });

  it("keeps generated secrets as they were first made", () => {
    for (const version of ofType(dev, "secretsmanager/secretVersion:SecretVersion")) {
      expect(version.ignoreChanges, version.name).to.deep.equal(["secretString"]);
    }
  });

  it("has a web ACL in prod", () => {
    expect(ofType(prod, "wafv2/webAclAssociation:WebAclAssociation")).to.have.length(2);
    expect(ofType(dev, "wafv2/webAclAssociation:WebAclAssociation")).to.deep.equal([]);
  });

  it("serves the site by CloudFront alone, over HTTPS", () => {
    const { inputs } = one(dev, "cloudfront/distribution:Distribution", "web");
    expect(inputs["defaultCacheBehavior"]).to.include({ viewerProtocolPolicy: "redirect-to-https" });
    const policy = String(one(dev, "s3/bucketPolicy:BucketPolicy", "web").inputs["policy"]);
    expect(policy).to.contain("cloudfront.amazonaws.com").and.contain("aws:SourceArn");
  });

  it("wakes somebody for a dead letter, a full disk, a busy database, errors of the load balancer", () => {
    const alarms = ofType(dev, "cloudwatch/metricAlarm:MetricAlarm");
    const names = ["ml-requests-dead", "ml-results-dead", "database-storage", "database-cpu", "edge-5xx"];
    expect(alarms.map(({ name }) => name)).to.include.members(names);
    for (const { inputs } of alarms) expect(inputs["alarmActions"]).to.have.length(1);
  });

  it("makes what AWS refuses too early in an order that it accepts", () => {
    const balancer = one(dev, "lb/loadBalancer:LoadBalancer", "edge").dependsOn;
    // A load balancer that may not write its log is refused.
    expect(balancer).to.include(one(dev, "s3/bucketPolicy:BucketPolicy", "logs").urn);
    const url = one(dev, "secretsmanager/secretVersion:SecretVersion", "database-url");
    expect(url.dependsOn).to.include(one(dev, "rds/proxyTarget:ProxyTarget", "database").urn);
  });

  it("frees a secret's name at once in dev and keeps it for thirty days in prod", () => {
    const days = (run: Run) => one(run, "secretsmanager/secret:Secret", "jwt-signing").inputs["recoveryWindowInDays"];
    expect([days(dev), days(prod)]).to.deep.equal([0, 30]);
  });
});
