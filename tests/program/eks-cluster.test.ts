/** The cluster that the program makes: who gets in, what a node is, what runs before workloads, and in which order. */
import { expect } from "chai";
import { clusterVersion } from "../../targets/eks/versions.ts";
import { dev, prod } from "../support/stacks.ts";
import { unmarked } from "./support/marks.ts";
import { madeBefore } from "./support/order.ts";
import { ofType, one, runProgram, type Given } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

const ADD_ON = "eks/addon:Addon";
const ASSOCIATION = "eks/podIdentityAssociation:PodIdentityAssociation";
const GROUP = "eks/nodeGroup:NodeGroup";
const ROLE_POLICY = "iam/rolePolicy:RolePolicy";
const TEMPLATE = "ec2/launchTemplate:LaunchTemplate";

const CLUSTER_GROUP = "sg-0123456789abcdef0";
const OFFICE = "203.0.113.0/24";
const CI = "arn:aws:iam::123456789012:role/ci/deployer";

type Inputs = Readonly<Record<string, unknown>>;

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

const onEks = (stack: string, eks: Inputs = {}): Promise<Run> => {
  const config: Given["config"] = { "cryptotracker:target": "eks", "cryptotracker:eks": eks };
  return runProgram(stack, { config });
};

describe("the program's cluster", function () {
  this.timeout(180_000);
  let small: Run;
  let large: Run;
  before(async () => {
    small = await onEks("dev", { publicAccessCidrs: [OFFICE], administrators: [CI] });
    large = await onEks("prod");
    for (const { error } of [small, large]) expect(error).to.equal(undefined);
  });

  const comesAfter = (run: Run, later: Registered, ...earlier: readonly Registered[]) => {
    expect([...madeBefore(run, later)], later.name).to.include.members(earlier.map(({ urn }) => urn));
  };

  describe("its control plane", () => {
    it("answers inside the VPC alone in prod, and in dev to the networks that the stack names", () => {
      expect(cluster(large)).to.include({ endpointPrivateAccess: true, endpointPublicAccess: false });
      expect(cluster(large)).not.to.have.property("publicAccessCidrs");
      expect(cluster(small)).to.include({ endpointPrivateAccess: true, endpointPublicAccess: true });
      expect(cluster(small)["publicAccessCidrs"]).to.deep.equal([OFFICE]);
      expect(cluster(small)["privateSubnetIds"]).to.deep.equal(["private-0-id", "private-1-id", "private-2-id"]);
    });

    it("lets roles in by access entries, and those that the stack names as administrators", () => {
      expect(cluster(small)["authenticationMode"]).to.equal("API");
      expect(cluster(large)["accessEntries"]).to.deep.equal({});
      const { deployer } = cluster(small)["accessEntries"] as { deployer: Inputs };
      expect(deployer["principalArn"]).to.equal(CI);
      expect(JSON.stringify(deployer["accessPolicies"])).to.contain("AmazonEKSClusterAdminPolicy");
    });

    it("closes Secrets by a key of its own, and is not deleted by mistake where users depend on it", () => {
      const key = one(small, "kms/key:Key", "cluster-secrets");
      expect(key.inputs["enableKeyRotation"]).to.equal(true);
      expect(cluster(small)["encryptionConfigKeyArn"]).to.contain("Key/cluster-secrets");
      expect(cluster(large)["deletionProtection"]).to.equal(true);
      expect(cluster(small)["deletionProtection"]).to.equal(false);
    });

    it("writes all of its logs into a group that was there before it and forgets in time", () => {
      const group = one(small, "cloudwatch/logGroup:LogGroup", "cluster");
      expect(group.inputs).to.include({ name: "/aws/eks/cryptotracker-dev/cluster", retentionInDays: 14 });
      expect(cluster(small)["enabledClusterLogTypes"]).to.have.members([
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
      comesAfter(small, component(small), group);
    });

    it("may give pods interfaces of their own, from before it is made until it is gone", () => {
      const attached = ofType(small, "iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
        ["cluster-AmazonEKSClusterPolicy", "cluster-AmazonEKSVPCResourceController"].includes(name),
      );
      expect(attached).to.have.length(2);
      comesAfter(small, component(small), ...attached);
    });

    it("has the CNI's settings on which the fences rely, network policies, and no add-on of nobody's choice", () => {
      const options = cluster(small)["vpcCniOptions"] as { configurationValues: { env: Inputs } } & Inputs;
      expect(options["enableNetworkPolicy"]).to.equal(true);
      expect(options.configurationValues.env).to.deep.equal({
        AWS_VPC_K8S_CNI_EXTERNALSNAT: "true",
        ENABLE_POD_ENI: "true",
        ENABLE_PREFIX_DELEGATION: "true",
        POD_SECURITY_GROUP_ENFORCING_MODE: "standard",
      });
      expect(cluster(small)).to.include({ bootstrapSelfManagedAddons: false, version: clusterVersion(dev) });
      expect(cluster(small)["upgradePolicy"]).to.deep.equal({ supportType: "STANDARD" });
    });
  });

  describe("its nodes", () => {
    it("keep the machine's credentials from pods, and every disk encrypted", () => {
      for (const run of [small, large]) {
        expect(ofType(run, TEMPLATE).length).to.be.greaterThan(1);
        for (const { inputs } of ofType(run, TEMPLATE)) {
          expect(inputs["metadataOptions"]).to.deep.include({ httpTokens: "required", httpPutResponseHopLimit: 1 });
          const [{ ebs } = { ebs: {} }] = inputs["blockDeviceMappings"] as { ebs: Inputs }[];
          expect(ebs).to.include({ encrypted: "true", volumeType: "gp3" });
          expect(inputs).not.to.have.property("imageId");
        }
      }
    });

    it("are drained and repaired one at a time, in private subnets, and counted by the autoscaler alone", () => {
      const zones = ["private-0-id", "private-1-id", "private-2-id"];
      for (const name of ["general", "gpu-a10g-spot"]) {
        expect(one(small, GROUP, name).inputs["subnetIds"], name).to.deep.equal(zones);
      }
      for (const group of ofType(small, GROUP)) {
        expect(group.inputs["updateConfig"]).to.deep.equal({ maxUnavailable: 1 });
        expect(group.inputs["nodeRepairConfig"]).to.deep.equal({ enabled: true });
        expect(group.ignoreChanges).to.deep.equal(["scalingConfig.desiredSize"]);
      }
    });

    it("tell EKS what only pods that belong there tolerate, and the autoscaler how much disk it buys", () => {
      const { inputs } = one(small, GROUP, "gpu-a10g");
      expect(inputs["amiType"]).to.equal("AL2023_x86_64_NVIDIA");
      expect(inputs["taints"]).to.deep.include({ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" });
      expect(inputs["labels"]).to.include({
        "cryptotracker.internal/pool": "gpu",
        "k8s.amazonaws.com/accelerator": "a10g",
        "nvidia.com/gpu.present": "true",
      });
      const bought = diskOf(one(small, TEMPLATE, "gpu-a10g"));
      const told = (inputs["tags"] as Record<string, string>)[
        "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"
      ];
      expect(told).to.match(/^\d+Gi$/);
      expect(Number.parseInt(told ?? "", 10)).to.be.within(bought * 0.8, bought * 0.9);
      expect(one(small, GROUP, "gpu-a10g-spot").inputs["capacityType"]).to.equal("SPOT");
      expect(one(small, GROUP, "general").inputs).to.deep.include({ capacityType: "ON_DEMAND", taints: [] });
    });

    it("that work together stand in one zone and talk by the fabric, in a group that lets them", () => {
      const group = one(large, GROUP, "gpu-a100");
      expect(group.inputs["subnetIds"]).to.deep.equal(["private-0-id"]);
      const { inputs } = one(large, TEMPLATE, "gpu-a100");
      expect(inputs["placement"]).to.deep.equal({ groupName: "gpu-a100" });
      expect(one(large, "ec2/placementGroup:PlacementGroup", "gpu-a100").inputs["strategy"]).to.equal("cluster");
      const interfaces = inputs["networkInterfaces"] as Inputs[];
      expect(interfaces.map((each) => [each["networkCardIndex"], each["deviceIndex"], each["interfaceType"]])).to.eql([
        [0, 0, "efa"],
        [1, 1, "efa"],
        [2, 1, "efa"],
        [3, 1, "efa"],
      ]);
      for (const each of interfaces) {
        expect(each["securityGroups"]).to.deep.equal([CLUSTER_GROUP, "nodes-fabric-id"]);
      }
      for (const direction of ["Ingress", "Egress"]) {
        const rule = one(large, `vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, "nodes-fabric");
        expect(rule.inputs).to.include({
          securityGroupId: "nodes-fabric-id",
          referencedSecurityGroupId: "nodes-fabric-id",
          ipProtocol: "-1",
        });
      }
      // An A10G machine has no such adapter, but is near its like; spot takes what there is, wherever it is.
      expect(one(small, TEMPLATE, "gpu-a10g").inputs).to.have.property("placement");
      expect(one(small, TEMPLATE, "gpu-a10g").inputs).not.to.have.property("networkInterfaces");
      expect(one(small, TEMPLATE, "gpu-a10g-spot").inputs).not.to.have.any.keys("networkInterfaces", "placement");
    });

    it("may join, pull images and know themselves, but give no pod an address", () => {
      const attached = ofType(small, "iam/rolePolicyAttachment:RolePolicyAttachment").flatMap(({ name, inputs }) =>
        name.startsWith("nodes-") ? [inputs["policyArn"]] : [],
      );
      expect(attached).to.have.members([
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy",
      ]);
      expect(actionsOf(small, "nodes")).to.have.members(["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"]);
    });

    it("come when there are addresses and credentials for their pods, and reach AWS by the endpoints", () => {
      const admitted = one(small, "vpc/securityGroupIngressRule:SecurityGroupIngressRule", "endpoints-cluster");
      expect(admitted.inputs).to.include({ referencedSecurityGroupId: CLUSTER_GROUP, toPort: 443, fromPort: 443 });
      for (const group of ofType(small, GROUP)) {
        comesAfter(
          small,
          group,
          component(small),
          one(small, ADD_ON, "eks-pod-identity-agent"),
          one(small, ASSOCIATION, "vpc-cni"),
          admitted,
        );
      }
    });
  });

  describe("what runs in it for all", () => {
    it("is pinned, every add-on and every chart", () => {
      for (const { inputs } of ofType(small, ADD_ON)) {
        expect(inputs["addonVersion"], String(inputs["addonName"])).to.match(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
      }
      const options = cluster(small) as { kubeProxyAddonOptions: Inputs; vpcCniOptions: Inputs };
      expect(options.kubeProxyAddonOptions["version"]).to.match(new RegExp(`^v${clusterVersion(dev)}\\.`));
      expect(options.vpcCniOptions["addonVersion"]).to.match(/eksbuild/);
      for (const { inputs } of releases(small)) expect(inputs["version"]).to.match(/^\d+\.\d+\.\d+$/);
    });

    it("comes after the nodes, and each with the credentials that its pods get when they are admitted", () => {
      const nodes = ofType(small, GROUP);
      for (const [owner, ...names] of [
        ["aws-ebs-csi-driver", "aws-ebs-csi-driver"],
        ["amazon-cloudwatch-observability", "cloudwatch-agent"],
        ["aws-load-balancer-controller", "aws-load-balancer-controller"],
        ["cluster-autoscaler", "cluster-autoscaler"],
        ["external-secrets", "external-secrets"],
        ["keda", "keda"],
      ] as const) {
        const found = [...ofType(small, ADD_ON), ...releases(small)].filter(({ name }) => name === owner);
        expect(found, owner).to.have.length(1);
        for (const each of found) {
          comesAfter(small, each, ...nodes, ...names.map((name) => one(small, ASSOCIATION, name)));
        }
      }
    });

    it("gives each controller's credentials to its own account, in the namespace in which it runs", () => {
      for (const release of releases(small)) {
        const association = ofType(small, ASSOCIATION).find(({ name }) => name === release.name);
        if (association) expect(association.inputs["namespace"]).to.equal(release.inputs["namespace"]);
      }
      expect(one(small, ASSOCIATION, "aws-load-balancer-controller").inputs).to.include({
        clusterName: "cryptotracker-dev",
        serviceAccount: "aws-load-balancer-controller",
      });
      expect(one(small, ASSOCIATION, "vpc-cni").inputs).to.include({
        namespace: "kube-system",
        serviceAccount: "aws-node",
      });
    });

    it("lets the load balancer controller do no more than move targets of this side's groups", () => {
      const changing = statementsOf(small, "aws-load-balancer-controller-pod").filter(
        ({ Action }) => !Action.every((action) => action.includes(":Describe")),
      );
      expect(changing).to.deep.equal([
        {
          Effect: "Allow",
          Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
          Resource: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/cryptotracker-*-eks/*"],
        },
      ]);
      const names = ofType(small, "lb/targetGroup:TargetGroup").map(({ inputs }) => String(inputs["name"]));
      expect(names.filter((name) => !/^cryptotracker-.*-eks$/.test(name))).to.deep.equal([]);
    });

    it("lets the autoscaler change the sizes of this cluster's groups and nobody else's", () => {
      const changing = statementsOf(small, "cluster-autoscaler-pod").filter(({ Action }) =>
        Action.includes("autoscaling:SetDesiredCapacity"),
      );
      expect(changing).to.have.length(1);
      expect(changing[0]?.Condition).to.deep.equal({
        StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/cryptotracker-dev": "owned" },
      });
    });

    it("writes each pod's log into the group that the pod names, and makes none that nobody empties", () => {
      const { inputs } = one(small, ADD_ON, "amazon-cloudwatch-observability");
      const told = String(inputs["configurationValues"]);
      expect(told).to.contain("$kubernetes['annotations']['cryptotracker.internal/log-group']");
      expect(actionsOf(small, "cloudwatch-agent-pod")).not.to.include("logs:CreateLogGroup");
      const groups = ofType(small, "cloudwatch/logGroup:LogGroup").map(({ inputs: group }) => group);
      for (const name of ["application", "dataplane", "host", "performance"]) {
        const found = groups.find((group) => group["name"] === `/aws/containerinsights/cryptotracker-dev/${name}`);
        expect(found?.["retentionInDays"], name).to.equal(dev.logRetentionDays);
      }
      const allowed = statementsOf(small, "cloudwatch-agent-pod").flatMap(({ Resource }) => Resource);
      expect(allowed.some((resource) => resource.includes("LogGroup//ecs/cryptotracker-api"))).to.equal(true);
    });

    it("brings the GPUs' plugin only where there are GPUs", async () => {
      const without = await runProgram("dev", {
        config: { "cryptotracker:target": "eks", "cryptotracker:ml": false },
      });
      expect(without.error).to.equal(undefined);
      const names = (run: Run) => releases(run).map(({ name }) => name);
      expect(names(small)).to.include("nvidia-device-plugin");
      expect(names(without)).to.deep.equal(names(small).filter((name) => name !== "nvidia-device-plugin"));
    });
  });

  it("is called what the stack is called, on either stack", () => {
    expect([cluster(small)["name"], cluster(large)["name"]]).to.deep.equal([
      `${dev.project}-${dev.stack}`,
      `${prod.project}-${prod.stack}`,
    ]);
  });
});

function component(run: Run): Registered {
  const [found, ...others] = run.resources.filter(({ type }) => type === "eks:index:Cluster");
  if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} clusters.`);
  return found;
}

function cluster(run: Run): Inputs {
  return unmarked(component(run).inputs) as Inputs;
}

function releases({ resources }: Run): readonly Registered[] {
  return resources
    .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function statementsOf(run: Run, policy: string): readonly Statement[] {
  const document = JSON.parse(String(unmarked(one(run, ROLE_POLICY, policy).inputs["policy"]))) as {
    readonly Statement: readonly Statement[];
  };
  return document.Statement;
}

function actionsOf(run: Run, policy: string): readonly string[] {
  return statementsOf(run, policy).flatMap(({ Action }) => Action);
}

/** GiB that a template buys. */
function diskOf({ inputs }: Registered): number {
  const [disk] = inputs["blockDeviceMappings"] as { ebs: { volumeSize: number } }[];
  return disk?.ebs.volumeSize ?? 0;
}
