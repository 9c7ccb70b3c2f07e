/** How the public comes in: certificate, load balancers, API Gateway, names, firewall. Dev has no domain, prod has one. */
import { expect } from "chai";
import { plain } from "./support/marks.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Run } from "./support/types.ts";

const BALANCER = "lb/loadBalancer:LoadBalancer";
const LISTENER = "lb/listener:Listener";
const RULE = "lb/listenerRule:ListenerRule";
const INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const RECORD = "route53/record:Record";
const DOMAIN = "cryptotracker.example.org";
const ZONE = "Z0123456789EXAMPLE";
const BALANCERS = ["edge", "edge-internal"];

const named = (run: Run, type: string) => ofType(run, type).map(({ name }) => name);

describe("the program's edge", () => {
  let dev: Run;
  let prod: Run;
  before(async () => {
    [dev, prod] = await Promise.all([runProgram("dev"), runProgram("prod")]);
    expect([dev.error, prod.error]).to.deep.equal([undefined, undefined]);
  });

  describe("certificate", () => {
    it("is made for every public name and proven in the hosted zone", () => {
      const hosts = [DOMAIN, `api.${DOMAIN}`, `ws.${DOMAIN}`];
      const { inputs } = one(prod, "acm/certificate:Certificate", "edge");
      const { domainName, subjectAlternativeNames } = inputs;
      expect([domainName, ...(subjectAlternativeNames as string[])]).to.deep.equal(hosts);
      expect(inputs["validationMethod"]).to.equal("DNS");
      for (const host of hosts) {
        expect(one(prod, RECORD, `certificate-edge-${host}`).inputs).to.deep.include({
          zoneId: ZONE,
          name: `_validate.${host}`,
          type: "CNAME",
          records: [`_proof.${host}`],
        });
      }
    });

    it("is used only once it is issued", () => {
      const issued = one(prod, "acm/certificateValidation:CertificateValidation", "edge");
      expect(issued.inputs["validationRecordFqdns"]).to.have.length(3);
      for (const name of BALANCERS) expect(one(prod, LISTENER, name).dependsOn).to.include(issued.urn);
      expect(one(prod, "apigatewayv2/domainName:DomainName", "api").dependsOn).to.include(issued.urn);
    });

    it("is the settings' own where they have one", async () => {
      const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/own";
      const edge = { domain: DOMAIN, hostedZoneId: ZONE, certificateArn };
      const own = await runProgram("prod", { config: { "cryptotracker:edge": edge } });
      expect(own.error).to.equal(undefined);
      expect(ofType(own, "acm/certificate:Certificate")).to.deep.equal([]);
      expect(one(own, LISTENER, "edge").inputs["certificateArn"]).to.equal(certificateArn);
    });

    it("does not exist without a domain", () => {
      expect(ofType(dev, "acm/certificate:Certificate")).to.deep.equal([]);
      expect(named(dev, RECORD).filter((name) => !name.startsWith("private-"))).to.deep.equal([]);
    });
  });

  describe("load balancers", () => {
    it("ELB.4, 5, 6, 12, 13: invalid headers dropped, logged, not to be deleted, desync defensive, three zones", () => {
      for (const run of [dev, prod]) {
        expect(named(run, BALANCER)).to.have.members(BALANCERS);
        for (const { inputs, protect } of ofType(run, BALANCER)) {
          expect(inputs).to.include({
            dropInvalidHeaderFields: true,
            enableDeletionProtection: true,
            desyncMitigationMode: "defensive",
            idleTimeout: 120,
          });
          expect(inputs["accessLogs"]).to.include({ enabled: true, bucket: "bucket-logs" });
          expect(inputs["subnets"]).to.have.length(3);
          expect(protect).to.equal(true);
        }
      }
    });

    it("ELB.1, 17, 18: HTTPS by a TLS policy of 1.2 and up, HTTP only to be sent there", () => {
      for (const name of BALANCERS) {
        const { inputs } = one(prod, LISTENER, name);
        expect(inputs["protocol"]).to.equal("HTTPS");
        expect(inputs["sslPolicy"]).to.match(/^ELBSecurityPolicy-TLS13-1-2-/);
      }
      const plainHttp = ofType(prod, LISTENER).filter(({ inputs }) => inputs["protocol"] !== "HTTPS");
      expect(plainHttp.map(({ name }) => name)).to.deep.equal(["edge-redirect"]);
      expect(plainHttp[0]?.inputs["defaultActions"]).to.deep.equal([
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ]);
    });

    it("speak plain HTTP in a dev stack that has no domain", () => {
      const listeners = ofType(dev, LISTENER).map(({ name, inputs }) => [name, inputs["protocol"], inputs["port"]]);
      expect(listeners).to.have.deep.members([
        ["edge", "HTTP", 80],
        ["edge-internal", "HTTP", 8080],
      ]);
    });

    it("keep connections open for as long as the settings say", async () => {
      const run = await runProgram("dev", { config: { "cryptotracker:edge": { idleTimeout: 300 } } });
      for (const { inputs } of ofType(run, BALANCER)) expect(inputs["idleTimeout"]).to.equal(300);
    });

    it("answer 404 where no side has a rule", () => {
      for (const name of BALANCERS) {
        expect(JSON.stringify(one(prod, LISTENER, name).inputs["defaultActions"])).to.contain('"statusCode":"404"');
      }
    });

    it("show the internet WebSockets alone: what an HTTP API carries goes past no throttling", () => {
      expect(one(prod, BALANCER, "edge").inputs["internal"]).to.equal(false);
      expect(one(prod, BALANCER, "edge-internal").inputs["internal"]).to.equal(true);
      const outer = String(one(prod, RULE, "default-websocket-service-ws").inputs["listenerArn"]);
      const inner = String(one(prod, RULE, "default-api-service-api-*").inputs["listenerArn"]);
      expect(outer).not.to.equal(inner);
      for (const { name, inputs } of ofType(prod, RULE)) {
        expect(inputs["listenerArn"], name).to.equal(name.includes("websocket-service") ? outer : inner);
      }
    });

    it("let API Gateway's link alone reach the inner listener's port", () => {
      for (const [run, port] of [
        [dev, 8080],
        [prod, 8443],
      ] as const) {
        expect(one(run, LISTENER, "edge-internal").inputs["port"]).to.equal(port);
        const open = ofType(run, INGRESS).filter(
          ({ inputs }) => inputs["securityGroupId"] === "edge-id" && inputs["fromPort"] === port,
        );
        expect(open.map(({ inputs }) => inputs["referencedSecurityGroupId"])).to.deep.equal(["api-gateway-id"]);
      }
    });
  });

  describe("API Gateway", () => {
    it("is an HTTP API whose only way leads through the VPC link to the inner listener, in dev too", () => {
      for (const run of [dev, prod]) {
        expect(one(run, "apigatewayv2/api:Api", "api").inputs["protocolType"]).to.equal("HTTP");
        expect(one(run, "apigatewayv2/route:Route", "api").inputs["routeKey"]).to.equal("$default");
        const { inputs } = one(run, "apigatewayv2/integration:Integration", "api");
        expect(inputs).to.include({
          integrationType: "HTTP_PROXY",
          connectionType: "VPC_LINK",
          connectionId: "api-id",
          integrationUri: one(run, RULE, "default-api-service-api-*").inputs["listenerArn"],
        });
        const link = one(run, "apigatewayv2/vpcLink:VpcLink", "api").inputs;
        expect(link["subnetIds"]).to.have.length(3);
        expect(link["securityGroupIds"]).to.deep.equal(["api-gateway-id"]);
      }
    });

    it("throttles on its $default stage, with more room in prod", () => {
      const limits = [dev, prod].map((run) => {
        const { inputs } = one(run, "apigatewayv2/stage:Stage", "api");
        expect(inputs).to.include({ name: "$default", autoDeploy: true });
        const { throttlingRateLimit, throttlingBurstLimit } = inputs["defaultRouteSettings"] as Record<string, number>;
        return [throttlingRateLimit, throttlingBurstLimit];
      });
      expect(limits).to.deep.equal([
        [200, 400],
        [2000, 4000],
      ]);
    });

    it("writes a JSON access log that holds neither headers nor query strings", () => {
      const { inputs } = one(prod, "apigatewayv2/stage:Stage", "api");
      const { destinationArn, format } = inputs["accessLogSettings"] as Record<string, string>;
      expect(destinationArn).to.contain("/aws/vendedlogs/apigateway/cryptotracker-prod-api");
      expect(JSON.parse(format ?? "")).to.include({ status: "$context.status", path: "$context.path" });
      expect(format).not.to.match(/header|query|authorization/i);
    });

    it("has the platform's name over TLS 1.2 and verifies the load balancer's", () => {
      const { inputs } = one(prod, "apigatewayv2/domainName:DomainName", "api");
      expect(inputs["domainName"]).to.equal(`api.${DOMAIN}`);
      expect(inputs["domainNameConfiguration"]).to.include({ securityPolicy: "TLS_1_2", endpointType: "REGIONAL" });
      one(prod, "apigatewayv2/apiMapping:ApiMapping", "api");
      expect(one(prod, "apigatewayv2/integration:Integration", "api").inputs["tlsConfig"]).to.deep.equal({
        serverNameToVerify: `api.${DOMAIN}`,
      });
      expect(one(prod, "apigatewayv2/api:Api", "api").inputs["disableExecuteApiEndpoint"]).to.equal(true);
      expect(one(dev, "apigatewayv2/api:Api", "api").inputs["disableExecuteApiEndpoint"]).to.equal(false);
      expect(ofType(dev, "apigatewayv2/domainName:DomainName")).to.deep.equal([]);
    });
  });

  describe("names", () => {
    it("are aliases: the domain for the site, api. for API Gateway, ws. for the load balancer", () => {
      const aliases = ofType(prod, RECORD)
        .filter(({ inputs }) => "aliases" in inputs)
        .map(({ inputs }) => {
          const [target] = inputs["aliases"] as { name: string }[];
          expect(inputs["zoneId"]).to.equal(ZONE);
          return [inputs["name"], inputs["type"], target?.name];
        });
      expect(aliases).to.have.deep.members([
        [DOMAIN, "A", "web.cloudfront.internal"],
        [DOMAIN, "AAAA", "web.cloudfront.internal"],
        [`api.${DOMAIN}`, "A", "api.regional.internal"],
        [`ws.${DOMAIN}`, "A", "edge.elb.internal"],
      ]);
    });

    it("inside the VPC are in a zone of its own, whose queries are logged", () => {
      for (const run of [dev, prod]) {
        const { inputs } = one(run, "route53/zone:Zone", "private");
        expect(inputs).to.deep.include({ name: "cryptotracker.internal", vpcs: [{ vpcId: "main-id" }] });
        expect(one(run, RECORD, "private-database").inputs).to.deep.include({
          name: "database.cryptotracker.internal",
          type: "CNAME",
          records: ["database.proxy.internal"],
        });
        const log = one(run, "route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation", "main");
        expect(log.inputs["resourceId"]).to.equal("main-id");
      }
    });

    it("are what the program says of itself", () => {
      expect(prod.outputs).to.deep.include({
        url: `https://api.${DOMAIN}`,
        streamUrl: `wss://ws.${DOMAIN}`,
        sites: { web: `https://${DOMAIN}` },
      });
      expect(dev.outputs).to.deep.include({
        url: "https://api.execute-api.internal",
        streamUrl: "ws://edge.elb.internal",
        sites: { web: "https://web.cloudfront.internal" },
      });
    });
  });

  describe("refusals, before any resource", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/own";
    const whole = { domain: DOMAIN, hostedZoneId: ZONE };
    const refused: readonly (readonly [string, string, object, readonly string[]])[] = [
      ["prod without a name and certificate", "prod", {}, ["certificate-missing", "settings.edge.domain"]],
      ["a certificate for no name", "dev", { certificateArn }, ["certificate-without-domain", "certificateArn"]],
      ["a domain in no zone", "dev", { domain: DOMAIN }, ["domain-without-zone", "settings.edge.hostedZoneId"]],
      ["a domain that is none", "dev", { ...whole, domain: "https://x" }, ["settings.edge.domain", "a domain name"]],
      [
        "another region's certificate",
        "prod",
        { ...whole, certificateArn: certificateArn.replace("us-east-1", "eu-west-1") },
        ["certificate-region", "found eu-west-1", "a certificate of us-east-1"],
      ],
    ];
    for (const [what, stack, edge, says] of refused) {
      it(what, async () => {
        const { error, resources } = await runProgram(stack, { config: { "cryptotracker:edge": edge } });
        expect(resources).to.deep.equal([]);
        expect(error?.kind).to.equal("RunError");
        for (const part of says) expect(error?.message).to.contain(part);
      });
    }
  });

  it("shows no secret in plain text", () => {
    for (const run of [dev, prod]) {
      expect(JSON.stringify(plain([run.resources, run.outputs]))).not.to.contain(SECRET_MARKER);
    }
  });
});
