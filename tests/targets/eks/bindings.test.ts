/** What AWS binds to a unit: identity, secrets, fences. */
import { expect } from "chai";
import { compile as compileEcs } from "../../../targets/ecs/compile.ts";
import { compile } from "../../../targets/eks/compile.ts";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { dev, devModel, prod, valueOf } from "../../support/stacks.ts";
import { manifestOf, podOf, shared, units, unitOf } from "./fixtures.ts";

const AGENT = { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] };

describe("EKS bindings", () => {
  for (const settings of [dev, prod]) {
    const model = cryptotracker(settings);
    const eks = valueOf(compile(model, settings)).units;
    const ecs = valueOf(compileEcs(model, settings)).units;
    for (const { name } of model.workloads) {
      it(`${settings.stack}, ${name}: its pods may do what its ECS tasks may, to the letter`, () => {
        expect(eks[name]?.podIdentity?.statements ?? []).to.deep.equal(ecs[name]?.role.taskStatements);
        expect(eks[name]?.secretsRole?.statements ?? []).to.deep.equal(ecs[name]?.role.executionStatements);
      });
    }
  }

  it("gives an identity by Pod Identity, to one service account", () => {
    const { association, trust } = unitOf("sentiment-processor").podIdentity ?? {};
    expect(association).to.deep.equal({
      clusterName: "${cluster.cryptotracker.name}",
      namespace: "cryptotracker",
      serviceAccount: "sentiment-processor",
      roleArn: "${role.sentiment-processor-pod.arn}",
    });
    expect(trust).to.deep.equal({
      principal: { service: "pods.eks.amazonaws.com" },
      actions: ["sts:AssumeRole", "sts:TagSession"],
    });
    expect(podOf("sentiment-processor").serviceAccountName).to.equal("sentiment-processor");
  });

  it("opens the way to the Pod Identity agent for those with an identity, and for no other", () => {
    for (const { name } of devModel.workloads) {
      const { egress = [] } = manifestOf(name, "NetworkPolicy").spec ?? {};
      const found = egress.filter(({ to }) => to?.some(({ ipBlock }) => ipBlock?.cidr.startsWith("169.254.")));
      expect(found, name).to.deep.equal(units[name]?.podIdentity ? [AGENT] : []);
    }
    expect(unitOf("migrations")).to.not.have.property("podIdentity");
  });

  it("has an ExternalSecret for each secret that a pod refers to, by ARN and key, and no value anywhere", () => {
    for (const { name } of devModel.workloads) {
      const references = (podOf(name).container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
      const copies = unitOf(name).manifests.flatMap((each) => (each.kind === "ExternalSecret" ? [each] : []));
      expect([...new Set(references.map((each) => each.name))].sort(), name).to.deep.equal(
        copies.map(({ spec }) => spec.target.name),
      );
      for (const { metadata, spec } of copies) {
        expect(spec.target.name).to.equal(metadata.name);
        expect(spec.refreshInterval).to.match(/^\d+m$/);
        for (const { secretKey, remoteRef } of spec.data) {
          expect(remoteRef.key).to.match(/^\$\{secret\.[a-z-]+\.arn\}$/);
          expect(remoteRef.property).to.equal(secretKey);
        }
      }
    }
  });

  it("reads secrets as a role of the workload's own, which only External Secrets may assume", () => {
    const store = manifestOf("auth-service", "SecretStore").spec.provider.aws;
    const { roleArn, trust, statements } = unitOf("auth-service").secretsRole ?? {};
    expect(store).to.deep.equal({ service: "SecretsManager", region: "us-east-1", role: roleArn });
    expect(trust?.principal).to.deep.equal({ aws: "${role.external-secrets-pod.arn}" });
    expect(statements?.flatMap(({ resources }) => resources)).to.deep.equal([
      "${secret.database-url.arn}",
      "${secret.jwt-signing.arn}",
      "${secret.redis-url.arn}",
    ]);
    const operator = shared.operators["external-secrets"].statements.flatMap(({ resources }) => resources);
    expect(operator).to.deep.equal(
      devModel.workloads.flatMap(({ name }) => units[name]?.secretsRole?.roleArn ?? []).sort(),
    );
  });

  it("restarts pods when one of their secrets rotates", () => {
    expect(manifestOf("auth-service", "Deployment").metadata?.annotations).to.deep.equal({
      "secret.reloader.stakater.com/reload":
        "auth-service-database-url,auth-service-jwt-signing,auth-service-redis-url",
    });
    expect(manifestOf("websocket-service", "Deployment").metadata).to.not.have.property("annotations");
  });

  it("fences each pod by a group of its own with the ECS task's rules, DNS, image layers and probes apart", () => {
    const ecs = valueOf(compileEcs(devModel, dev)).units;
    const cluster = "${securityGroup.cluster.id}";
    for (const { name } of devModel.workloads) {
      const { securityGroup } = unitOf(name);
      const inside = (rule: { readonly referencedSecurityGroupId?: string }) =>
        rule.referencedSecurityGroupId === cluster;
      const { ingress = [], egress = [] } = ecs[name]?.securityGroup ?? {};
      expect(
        securityGroup.ingress.filter((rule) => !inside(rule)),
        name,
      ).to.deep.equal(ingress);
      const needsS3 = devModel.workloads.some(
        (each) => each.name === name && each.uses.some(({ to }) => to.kind === "bucket"),
      );
      expect(
        securityGroup.egress.filter((rule) => !inside(rule)),
        name,
      ).to.deep.equal(
        egress.filter(({ fromPort, prefixListId }) => fromPort !== 53 && (needsS3 || prefixListId === undefined)),
      );
      expect(
        securityGroup.egress.filter(inside).map(({ ipProtocol, fromPort }) => [ipProtocol, fromPort]),
      ).to.deep.equal([
        ["udp", 53],
        ["tcp", 53],
      ]);
      expect(manifestOf(name, "SecurityGroupPolicy").spec, name).to.deep.equal({
        podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
        securityGroups: { groupIds: [`\${securityGroup.workload-${name}.id}`] },
      });
    }
  });

  it("turns on what those fences rely on", () => {
    expect(shared.vpcCni).to.include({
      AWS_VPC_K8S_CNI_EXTERNALSNAT: "true",
      ENABLE_POD_ENI: "true",
      POD_SECURITY_GROUP_ENFORCING_MODE: "standard",
    });
  });
});
