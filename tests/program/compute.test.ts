/** What the ECS side runs on: EC2 pools, what is on them, where they stand. */
import { expect } from "chai";
import { unmarked } from "./support/marks.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

const GROUP = "autoscaling/group:Group";
const TEMPLATE = "ec2/launchTemplate:LaunchTemplate";
const PROVIDER = "ecs/capacityProvider:CapacityProvider";
const CAPACITY = "ecs/clusterCapacityProviders:ClusterCapacityProviders";
const SERVICE = "ecs/service:Service";
const TASK = "ecs/taskDefinition:TaskDefinition";

const POOLS = { dev: "cryptotracker-gpu-a10g", prod: "cryptotracker-gpu-a100" } as const;

function userData({ inputs }: Registered): string {
  return Buffer.from(String(inputs["userData"]), "base64").toString();
}

for (const stack of ["dev", "prod"] as const) {
  describe(`what ${stack}'s ECS side runs on`, () => {
    const pool = POOLS[stack];
    const spot = `${pool}-spot`;
    let run: Run;
    before(async () => {
      run = await runProgram(stack, { config: { "cryptotracker:target": "ecs" } });
      expect(run.error).to.equal(undefined);
    });

    it("has one pool for inference and one on spot for training, which grow from nothing", () => {
      expect(ofType(run, GROUP).map(({ name }) => name)).to.have.members([pool, spot]);
      for (const { inputs, ignoreChanges } of ofType(run, GROUP)) {
        expect(inputs).to.include({ minSize: 0 }).and.not.to.have.property("desiredCapacity");
        expect(ignoreChanges).to.deep.equal(["desiredCapacity"]);
      }
    });

    it("buys the seed's machines", () => {
      const type = stack === "dev" ? "g5.xlarge" : "p4d.24xlarge";
      for (const { inputs } of ofType(run, TEMPLATE)) expect(inputs["instanceType"]).to.equal(type);
    });

    it("ECS.19: protects an instance that runs tasks, by managed scaling", () => {
      for (const { inputs } of ofType(run, PROVIDER)) {
        expect(inputs["autoScalingGroupProvider"]).to.deep.include({
          managedTerminationProtection: "ENABLED",
          managedDraining: "ENABLED",
        });
        expect(inputs).to.have.nested.include({ "autoScalingGroupProvider.managedScaling.status": "ENABLED" });
      }
      for (const { inputs } of ofType(run, GROUP)) expect(inputs["protectFromScaleIn"]).to.equal(true);
    });

    it("lets protected groups be destroyed, and declares the tag that ECS adds", () => {
      for (const { inputs } of ofType(run, GROUP)) {
        expect(inputs["forceDelete"]).to.equal(true);
        expect(inputs["tags"]).to.deep.include({ key: "AmazonECSManaged", value: "true", propagateAtLaunch: true });
      }
    });

    it("EC2.8: gives credentials by IMDSv2 only, and one hop far", () => {
      expect(ofType(run, TEMPLATE)).to.have.length(2);
      for (const template of ofType(run, TEMPLATE)) {
        expect(template.inputs["metadataOptions"]).to.deep.equal({
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        });
        expect(userData(template)).to.contain("ECS_AWSVPC_BLOCK_IMDS=true\n");
      }
    });

    it("EC2.25: gives no instance a public address, and encrypts its disk", () => {
      for (const { inputs } of ofType(run, TEMPLATE)) {
        const [network] = inputs["networkInterfaces"] as readonly Record<string, unknown>[];
        expect(network).to.include({ associatePublicIpAddress: "false" });
        expect(inputs).to.have.nested.include({ "blockDeviceMappings[0].ebs.encrypted": "true" });
      }
    });

    it("takes its images by id from the settings", () => {
      for (const { inputs } of ofType(run, TEMPLATE)) expect(inputs["imageId"]).to.match(/^ami-[0-9a-f]{17}$/);
    });

    it("starts an instance with a disk for all that its tasks may write", () => {
      const perInstance = stack === "dev" ? 1 : 8;
      for (const { inputs } of ofType(run, TEMPLATE)) {
        expect(inputs).to.have.nested.include({ "blockDeviceMappings[0].ebs.volumeSize": 60 + perInstance * 50 });
      }
    });

    it("drains spot at the two-minute notice, from whichever type has the most to spare", () => {
      const policy = one(run, GROUP, spot).inputs["mixedInstancesPolicy"] as Record<string, unknown>;
      expect(policy["instancesDistribution"]).to.deep.equal({
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: 0,
        spotAllocationStrategy: "capacity-optimized",
      });
      expect(policy).to.have.nested.property("launchTemplate.overrides").with.length.greaterThan(1);
      expect(userData(one(run, TEMPLATE, spot))).to.contain("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n");
      expect(userData(one(run, TEMPLATE, pool))).not.to.contain("SPOT");
    });

    it("keeps inference together: a cluster placement group, one zone, and a service that is bound to it", () => {
      expect(one(run, GROUP, pool).inputs).to.deep.include({
        placementGroup: pool,
        vpcZoneIdentifiers: ["private-0-id"],
      });
      expect(one(run, "ec2/placementGroup:PlacementGroup", pool).inputs["strategy"]).to.equal("cluster");
      const { inputs } = one(run, SERVICE, "ml-inference-service");
      expect(inputs["placementConstraints"]).to.deep.equal([
        { type: "memberOf", expression: "attribute:ecs.availability-zone == us-east-1a" },
      ]);
      expect(inputs).to.have.deep.nested.property("networkConfiguration.subnets", ["private-0-id"]);
    });

    it("spreads training over the zones, where spot is to be had", () => {
      expect(one(run, GROUP, spot).inputs["vpcZoneIdentifiers"]).to.have.length(3);
      expect(one(run, GROUP, spot).inputs).not.to.have.property("placementGroup");
    });

    it("destroys services, then the association, then providers, then groups", () => {
      const capacity = one(run, CAPACITY, "cryptotracker");
      for (const service of ofType(run, SERVICE)) expect(service.dependsOn, service.name).to.include(capacity.urn);
      for (const provider of ofType(run, PROVIDER)) {
        expect(capacity.dependsOn).to.include(provider.urn);
        expect(provider.dependsOn).to.include(one(run, GROUP, provider.name).urn);
      }
    });

    it("keeps an agent's permissions and its way out for as long as its group exists", () => {
      for (const { dependsOn } of ofType(run, GROUP)) {
        expect(dependsOn).to.include.members([
          one(run, "iam/rolePolicyAttachment:RolePolicyAttachment", "instances").urn,
          one(run, "vpc/securityGroupEgressRule:SecurityGroupEgressRule", "instances-https").urn,
        ]);
      }
    });

    it("ECS.2: gives no service a public address; ECS.10: runs Fargate's latest platform", () => {
      for (const { name, inputs } of ofType(run, SERVICE)) {
        expect(inputs, name).to.have.nested.include({ "networkConfiguration.assignPublicIp": false });
        if (name !== "ml-inference-service") expect(inputs["platformVersion"], name).to.equal("LATEST");
      }
    });

    it("ECS.12: watches the cluster by Container Insights", () => {
      expect(one(run, "ecs/cluster:Cluster", "cryptotracker").inputs["settings"]).to.deep.equal([
        { name: "containerInsights", value: "enhanced" },
      ]);
    });

    it("ECS.1, 3, 4, 5, 8, 9, 17, 20: hardens every container", () => {
      for (const { name, inputs } of ofType(run, TASK)) {
        expect(inputs["networkMode"], name).to.equal("awsvpc");
        expect(inputs, name).not.to.have.any.keys("pidMode", "ipcMode", "volumes");
        const [container] = JSON.parse(String(unmarked(inputs["containerDefinitions"]))) as Record<string, unknown>[];
        expect(container, name).to.include({ privileged: false, readonlyRootFilesystem: true, user: "10001" });
        expect(container, name).to.have.nested.property("logConfiguration.logDriver", "awslogs");
        const environment = container?.["environment"] as readonly { name: string; value: string }[];
        expect(environment.map((each) => each.name).filter((each) => /PASSWORD|SECRET|TOKEN/.test(each))).to.deep.equal(
          [],
        );
      }
    });

    it("ECR.1, 2, 3: scans on push, never moves a tag, forgets old images", () => {
      const repositories = ofType(run, "ecr/repository:Repository");
      expect(repositories).to.have.length(11);
      for (const { name, inputs } of repositories) {
        expect(inputs, name).to.include({ imageTagMutability: "IMMUTABLE" });
        expect(inputs["imageScanningConfiguration"]).to.deep.equal({ scanOnPush: true });
        expect(String(one(run, "ecr/lifecyclePolicy:LifecyclePolicy", name).inputs["policy"])).to.contain('"expire"');
      }
      expect(ofType(run, "docker-build:index:Image")).to.deep.equal([]);
    });
  });
}

describe("the telemetry collector", () => {
  let run: Run;
  before(async () => {
    run = await runProgram("dev", { config: { "cryptotracker:target": "ecs" } });
  });

  const container = (name: string) => {
    const [first] = JSON.parse(String(one(run, TASK, name).inputs["containerDefinitions"])) as Record<
      string,
      unknown
    >[];
    return first;
  };

  it("runs somebody else's image by digest and asks its health with what is inside", () => {
    expect(container("telemetry-collector")?.["image"]).to.match(/aws-otel-collector@sha256:[0-9a-f]{64}$/);
    expect(container("telemetry-collector")).to.have.deep.nested.property("healthCheck.command", [
      "CMD",
      "/healthcheck",
    ]);
  });

  it("is told of by every service under the variable that SDKs read, and is up before them", () => {
    const collector = one(run, SERVICE, "telemetry-collector");
    for (const service of ofType(run, SERVICE).filter(({ name }) => name !== collector.name)) {
      expect(container(service.name)?.["environment"], service.name).to.deep.include({
        name: "OTEL_EXPORTER_OTLP_ENDPOINT",
        value: "http://telemetry-collector:4318",
      });
      expect(service.dependsOn, service.name).to.include(collector.urn);
    }
    expect(collector.inputs).to.have.nested.include({
      "serviceConnectConfiguration.services[0].clientAlias[0].dnsName": "telemetry-collector",
      "serviceConnectConfiguration.services[0].clientAlias[0].port": 4318,
    });
  });

  it("may send traces anywhere in X-Ray, which knows no narrower way, and write to its own log group only", () => {
    const { inputs } = one(run, "iam/rolePolicy:RolePolicy", "telemetry-collector-task");
    const { Statement } = JSON.parse(String(inputs["policy"])) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    expect(Statement.map(({ Action }) => [...new Set(Action.map((action) => action.split(":")[0]))])).to.deep.equal([
      ["xray"],
      ["logs"],
    ]);
    expect(Statement[0]?.Resource).to.deep.equal(["*"]);
    expect(Statement[1]?.Resource.join()).to.match(/^arn:aws:[^*]*telemetry[^*]*:\*$/);
  });
});

describe("a stack that builds its images itself", () => {
  let run: Run;
  before(async () => {
    run = await runProgram("dev", {
      config: { "cryptotracker:target": "ecs", "cryptotracker:images": { build: true } },
    });
  });

  it("builds one for each repository, pushes it by digest and runs that", () => {
    expect(run.error).to.equal(undefined);
    const images = run.resources.filter(({ type }) => type === "docker-build:index:Image");
    expect(images).to.have.length(ofType(run, "ecr/repository:Repository").length);
    const api = images.find(({ name }) => name === "api")?.inputs;
    expect(api).to.deep.include({ buildArgs: { SERVICE: "api" }, platforms: ["linux/amd64"], buildOnPreview: false });
    expect(api).to.have.nested.include({ "exports[0].image.pushByDigest": true });
    const definition = String(one(run, TASK, "api-service").inputs["containerDefinitions"]);
    expect(definition).to.match(/"image":"[^"]+\/cryptotracker\/api@sha256:a{64}"/);
  });
});

describe("a stack without what its machines need", () => {
  it("is refused before any resource, with the command that helps", async () => {
    const { error, resources } = await runProgram("dev", { config: { "cryptotracker:machineImages": {} } });
    expect(resources).to.deep.equal([]);
    expect(error?.message).to.contain("machine-image-missing  settings.machineImages.gpu");
    expect(error?.message).to.contain("npm run machine-images -- --stack dev");
  });
});
