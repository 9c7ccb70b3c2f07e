/** The sites behind CloudFront, and the web ACLs that stand before them and before the load balancers. */
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Run } from "./support/types.ts";

const DISTRIBUTION = "cloudfront/distribution:Distribution";
const ACL = "wafv2/webAcl:WebAcl";
const DOMAIN = "cryptotracker.example.org";

/** As the mocks make them. */
const WEB_ARN = "arn:aws:cloudfront:us-east-1:123456789012:Distribution/web";
const balancerArn = (name: string) => `arn:aws:lb:us-east-1:123456789012:LoadBalancer/${name}`;

interface Behaviour {
  readonly pathPattern: string;
  readonly targetOriginId: string;
  readonly viewerProtocolPolicy: string;
  readonly allowedMethods: readonly string[];
  readonly cachePolicyId: string;
}
interface Origin {
  readonly originId: string;
  readonly domainName: string;
  readonly originAccessControlId?: string;
  readonly customOriginConfig?: { readonly originProtocolPolicy: string; readonly originSslProtocols: string[] };
}

function origins(run: Run): Readonly<Record<string, Origin>> {
  const list = one(run, DISTRIBUTION, "web").inputs["origins"] as readonly Origin[];
  return Object.fromEntries(list.map((origin) => [origin.originId, origin]));
}

describe("the program's sites and firewalls", () => {
  let dev: Run;
  let prod: Run;
  before(async () => {
    [dev, prod] = await Promise.all([runProgram("dev"), runProgram("prod")]);
    expect([dev.error, prod.error]).to.deep.equal([undefined, undefined]);
  });

  describe("a site", () => {
    it("is read by its distribution alone, with signed requests", () => {
      for (const run of [dev, prod]) {
        expect(one(run, "cloudfront/originAccessControl:OriginAccessControl", "web").inputs).to.include({
          signingBehavior: "always",
          signingProtocol: "sigv4",
        });
        expect(origins(run)["web"]?.originAccessControlId).to.equal("web-id");
        const { inputs } = one(run, "s3/bucketPolicy:BucketPolicy", "web");
        const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: Record<string, unknown>[] };
        expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(["TlsOnly", "Distribution"]);
        expect(Statement[1]).to.deep.include({
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::bucket-web/*"],
          Condition: { StringEquals: { "aws:SourceArn": WEB_ARN } },
        });
      }
    });

    it("has the domain over TLS 1.2 in prod and CloudFront's own name in dev", () => {
      const { inputs } = one(prod, DISTRIBUTION, "web");
      expect(inputs["aliases"]).to.deep.equal([DOMAIN]);
      expect(inputs["viewerCertificate"]).to.include({
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      });
      const own = one(dev, DISTRIBUTION, "web").inputs;
      expect(own["viewerCertificate"]).to.deep.equal({ cloudfrontDefaultCertificate: true });
      expect(own).not.to.have.any.keys("aliases", "webAclId");
    });

    it("takes its certificate and its web ACL from us-east-1, wherever the stack is", async () => {
      const europe = await runProgram("prod", { config: { "aws:region": "eu-west-1" } });
      expect(europe.error).to.equal(undefined);
      expect(one(europe, "acm/certificate:Certificate", "edge").inputs["region"]).to.equal("eu-west-1");
      const { inputs } = one(europe, "acm/certificate:Certificate", "sites");
      expect(inputs).to.include({ region: "us-east-1", domainName: DOMAIN });
      const issued = one(europe, "acm/certificateValidation:CertificateValidation", "sites");
      expect(issued.inputs["region"]).to.equal("us-east-1");
      expect(one(europe, DISTRIBUTION, "web").dependsOn).to.include(issued.urn);
      expect(one(europe, ACL, "sites").inputs).to.include({ region: "us-east-1", scope: "CLOUDFRONT" });
      expect(one(europe, ACL, "edge").inputs).to.include({ region: "eu-west-1", scope: "REGIONAL" });
    });

    it("sends every path that names no file to its page, and never a service's 404", () => {
      const { inputs } = one(dev, DISTRIBUTION, "web");
      expect(inputs).not.to.have.property("customErrorResponses");
      const { code, runtime } = one(dev, "cloudfront/function:Function", "web").inputs;
      expect(runtime).to.equal("cloudfront-js-2.0");
      const rewritten = (uri: string) =>
        String(runInNewContext(`${String(code)}; handler({ request: { uri } }).uri`, { uri }));
      expect(["/", "/alerts", "/alerts/btc/", "/assets/main.js"].map(rewritten)).to.deep.equal([
        "/index.html",
        "/index.html",
        "/index.html",
        "/assets/main.js",
      ]);
    });

    it("tells browsers to be strict", () => {
      const { inputs } = one(prod, "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "web");
      const headers = inputs["securityHeadersConfig"] as Record<string, Record<string, unknown>>;
      expect(headers["strictTransportSecurity"]).to.include({ accessControlMaxAgeSec: 31_536_000, override: true });
      expect(headers["frameOptions"]).to.include({ frameOption: "DENY" });
      expect(headers["contentTypeOptions"]).to.deep.equal({ override: true });
      const content = String(headers["contentSecurityPolicy"]?.["contentSecurityPolicy"]);
      expect(content).to.contain("default-src 'self'").and.contain(`wss://ws.${DOMAIN}`);
      expect(content).not.to.match(/\*|unsafe-eval|script-src/);
    });

    it("writes its access log to the bucket of logs, without ACLs", () => {
      const { inputs } = one(prod, "cloudwatch/logDeliverySource:LogDeliverySource", "web");
      expect(inputs).to.include({ logType: "ACCESS_LOGS", region: "us-east-1" });
      const destination = one(prod, "cloudwatch/logDeliveryDestination:LogDeliveryDestination", "web").inputs;
      expect(JSON.stringify(destination)).to.contain("arn:aws:s3:::bucket-logs/cloudfront");
      const permission = one(prod, "s3/bucketPolicy:BucketPolicy", "logs");
      expect(one(prod, "cloudwatch/logDelivery:LogDelivery", "web").dependsOn).to.include(permission.urn);
      const policy = String(permission.inputs["policy"]);
      expect(policy).to.contain("delivery.logs.amazonaws.com").and.contain('"aws:SourceAccount":"123456789012"');
    });

    it("answers the services' paths itself, so that a page calls its own origin", () => {
      const behaviours = one(prod, DISTRIBUTION, "web").inputs["orderedCacheBehaviors"] as readonly Behaviour[];
      expect(behaviours.map(({ pathPattern, targetOriginId }) => [pathPattern, targetOriginId])).to.deep.equal([
        ["/.well-known/jwks.json", "api"],
        ["/auth/*", "api"],
        ["/api/*", "api"],
        ["/ws", "streams"],
      ]);
      for (const each of behaviours) {
        expect(each.viewerProtocolPolicy).to.equal("https-only");
        expect(each.allowedMethods).to.include.members(["POST", "DELETE"]);
        // CachingDisabled.
        expect(each.cachePolicyId).to.equal("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
      }
    });

    it("reaches the services over TLS wherever they have a certificate", () => {
      const { api, streams } = origins(prod);
      expect([api?.domainName, streams?.domainName]).to.deep.equal([`api.${DOMAIN}`, `ws.${DOMAIN}`]);
      for (const each of [api, streams]) {
        expect(each?.customOriginConfig).to.deep.include({
          originProtocolPolicy: "https-only",
          originSslProtocols: ["TLSv1.2"],
        });
      }
      const own = origins(dev);
      expect(own["api"]?.domainName).to.equal("api.execute-api.internal");
      expect(own["api"]?.customOriginConfig?.originProtocolPolicy).to.equal("https-only");
      expect(own["streams"]?.customOriginConfig?.originProtocolPolicy).to.equal("http-only");
    });
  });

  describe("a firewall", () => {
    it("exists in prod, before both load balancers and the site", () => {
      expect(ofType(dev, ACL)).to.deep.equal([]);
      const associations = ofType(prod, "wafv2/webAclAssociation:WebAclAssociation");
      expect(associations.map(({ inputs }) => inputs["resourceArn"])).to.have.members(
        ["edge", "edge-internal"].map((name) => balancerArn(name)),
      );
      expect(one(prod, DISTRIBUTION, "web").inputs["webAclId"]).to.be.a("string");
    });

    it("has AWS's rules for common attacks and bad inputs, and blocks an address that asks too often", () => {
      for (const name of ["edge", "sites"]) {
        const rules = JSON.stringify(one(prod, ACL, name).inputs["rules"]);
        for (const group of ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]) {
          expect(rules).to.contain(`"name":"${group}"`);
        }
        expect(rules).to.contain('"aggregateKeyType":"IP"').and.contain('"limit":5000').and.contain('"block":{}');
      }
    });

    it("counts not what comes by API Gateway's few addresses, whoever asks", () => {
      expect(one(prod, "wafv2/ipSet:IpSet", "edge-vpc").inputs["addresses"]).to.deep.equal(["10.40.0.0/16"]);
      expect(JSON.stringify(one(prod, ACL, "edge").inputs["rules"])).to.match(
        /"scopeDownStatement":\{"notStatement":\{"statement":\{"ipSetReferenceStatement":\{"arn":"[^"]*edge-vpc/,
      );
    });

    it("logs what it did, but no secret header and no query string", () => {
      for (const name of ["edge", "sites"]) {
        const { inputs } = one(prod, "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", name);
        expect(inputs["redactedFields"]).to.have.deep.members([
          { singleHeader: { name: "authorization" } },
          { singleHeader: { name: "cookie" } },
          { singleHeader: { name: "x-cryptotracker-trial" } },
          { queryString: {} },
        ]);
        const log = one(prod, "cloudwatch/logGroup:LogGroup", `firewall-${name}`).inputs;
        expect(log["name"]).to.equal(`aws-waf-logs-cryptotracker-prod-${name}`);
        expect(log["region"]).to.equal("us-east-1");
      }
    });
  });
});
