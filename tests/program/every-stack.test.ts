/** What must hold for every stack and target, whatever it registers. */
import { expect } from "chai";
import { clusterConfig } from "./support/cluster-secrets.ts";
import { plain } from "./support/marks.ts";
import { runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Run } from "./support/types.ts";

const STORES = [
  "rds/instance:Instance",
  "elasticache/replicationGroup:ReplicationGroup",
  "msk/cluster:Cluster",
  "apps/v1:StatefulSet",
];
const WORKLOADS = ["ecs/taskDefinition:TaskDefinition", "ecs/service:Service", "apps/v1:Deployment", "batch/v1:Job"];

for (const stack of ["dev", "prod"]) {
  for (const target of ["ecs", "eks", "kubernetes"]) {
    describe(`the program, stack ${stack}, target ${target}`, () => {
      let run: Run;
      before(async () => {
        const cluster = target === "kubernetes" ? clusterConfig(stack) : {};
        run = await runProgram(stack, { config: { "cryptotracker:target": target, ...cluster } });
      });

      it("comes up", () => {
        expect(run.error).to.equal(undefined);
        expect(run.outputs["target"]).to.equal(target);
      });

      it("registers nothing twice", () => {
        const urns = run.resources.map(({ urn }) => urn);
        expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).to.deep.equal([]);
      });

      it("leaves no placeholder unfilled", () => {
        // Ours have dots; what an agent fills in by itself on its node has none.
        expect(JSON.stringify([run.resources, run.outputs]).match(/\$\{[^}]*\.[^}]*\}/g)).to.equal(null);
      });

      it("shows no secret value outside of what is marked secret", () => {
        expect(JSON.stringify(plain([run.resources, run.outputs]))).not.to.contain(SECRET_MARKER);
      });

      it("gives nothing a public address", () => {
        const inputs = JSON.stringify(run.resources.map((resource) => resource.inputs));
        for (const field of [
          "assignPublicIp",
          "mapPublicIpOnLaunch",
          "publiclyAccessible",
          "associatePublicIpAddress",
        ]) {
          expect(inputs).not.to.contain(`"${field}":true`);
        }
      });

      it("protects stores and never a workload", () => {
        for (const { type, name, protect } of run.resources) {
          if (STORES.some((each) => type.endsWith(each))) expect(protect, name).to.equal(true);
          if (WORKLOADS.some((each) => type.endsWith(each))) expect(protect, name).to.equal(false);
        }
      });

      // What follows is about AWS, of which a plain cluster has nothing.
      if (target === "kubernetes") return;

      it("opens nothing to the internet but the load balancer's two ports", () => {
        const open = run.resources
          .filter(({ type }) => type.endsWith("SecurityGroupIngressRule"))
          .filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0");
        expect(open.map(({ inputs }) => inputs["toPort"])).to.have.members([80, 443]);
        for (const { inputs } of open) expect(inputs["securityGroupId"]).to.equal("edge-id");
      });

      it("writes no rule inside a security group, where another stack's run would erase it", () => {
        const groups = run.resources.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
        expect(groups.length).to.be.greaterThan(4);
        for (const { inputs } of groups) expect(inputs).not.to.have.any.keys("ingress", "egress");
      });
    });
  }
}
