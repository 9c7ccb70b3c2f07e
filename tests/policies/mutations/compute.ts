/** Tasks, services and machines of ECS. */
import { added, at, type Table } from "./mutation.ts";

const task = (name: string) => at("aws:ecs/taskDefinition:TaskDefinition", name);
const service = (name: string) => at("aws:ecs/service:Service", name);
const template = (name: string) => at("aws:ec2/launchTemplate:LaunchTemplate", name);
const provider = at("aws:ecs/capacityProvider:CapacityProvider", "cryptotracker-gpu-a100");
const container = "containerDefinitions.0";

export const compute: Table = {
  "prod ecs": [
    ["runs the API as root", task("api-service").set(`${container}.user`, "0"), "ecs-container-user"],
    ["says no user at all", task("auth-service").without(`${container}.user`), "ecs-container-user"],
    [
      "runs a container privileged",
      task("ml-inference-service").set(`${container}.privileged`, true),
      "ecs-container-privileged",
    ],
    [
      "opens a container's file system",
      task("api-service").set(`${container}.readonlyRootFilesystem`, false),
      "ecs-container-read-only-root",
    ],
    [
      "keeps every capability",
      task("websocket-service").without(`${container}.linuxParameters.capabilities`),
      "ecs-container-capabilities",
    ],
    [
      "adds a capability",
      task("ml-inference-service").set(`${container}.linuxParameters.capabilities.add`, ["SYS_ADMIN"]),
      "ecs-container-capabilities",
    ],
    [
      "takes the image latest",
      task("api-service").set(`${container}.image`, "cryptotracker/api:latest"),
      "ecs-container-image",
    ],
    [
      "takes an image by its tag",
      task("alert-service").set(`${container}.image`, "cryptotracker/alert:v1.4.2"),
      "ecs-container-image",
    ],
    ["writes logs to nowhere", task("auth-service").without(`${container}.logConfiguration`), "ecs-container-logs"],
    [
      "writes a password into the environment",
      task("api-service").set(`${container}.environment.0`, { name: "DATABASE_PASSWORD", value: "hunter22" }),
      "ecs-container-credentials",
    ],
    ["has no memory limit", task("ml-inference-service").without("memory"), "ecs-container-memory"],
    ["asks Fargate for 32 vCPU", task("sentiment-processor").set("cpu", "32768"), "ecs-fargate-size"],
    ["asks for a pair that Fargate does not sell", task("api-service").set("memory", "16384"), "ecs-fargate-size"],
    [
      "asks Fargate for 300 GiB of disk",
      task("preprocessing-service").set("ephemeralStorage", { sizeInGib: 300 }),
      "ecs-fargate-disk",
    ],
    [
      "asks for five minutes' farewell",
      task("api-service").set(`${container}.stopTimeout`, 300),
      "ecs-fargate-stop-timeout",
    ],
    [
      "asks Fargate for a GPU",
      task("sentiment-processor").set(`${container}.resourceRequirements`, [{ type: "GPU", value: "1" }]),
      "ecs-gpu-on-instances",
    ],
    ["takes the host's network", task("ml-inference-service").set("networkMode", "host"), "ecs-task-network"],
    ["sees the host's processes", task("model-training").set("pidMode", "host"), "ecs-task-processes"],
    ["shares the host's memory", task("model-training").set("ipcMode", "host"), "ecs-task-ipc"],
    [
      "mounts the Docker socket",
      task("ml-inference-service").set("volumes", [{ name: "docker", hostPath: "/var/run/docker.sock" }]),
      "ecs-host-paths",
    ],
    [
      "mounts EFS in the clear",
      task("api-service").set("volumes", [{ name: "shared", efsVolumeConfiguration: { fileSystemId: "fs-0" } }]),
      "ecs-efs-encrypted",
    ],
    ["has no role of its own", task("alert-service").without("taskRoleArn"), "ecs-task-role"],
    [
      "has containers that are no JSON",
      task("alert-service").set("containerDefinitions", "[{"),
      "ecs-container-definitions",
    ],
    [
      "gives tasks public addresses",
      service("api-service").set("networkConfiguration.assignPublicIp", true),
      "ecs-service-public-address",
    ],
    [
      "gives a scheduled task a public address",
      at("aws:cloudwatch/eventTarget:EventTarget", "model-training").set(
        "ecsTarget.networkConfiguration.assignPublicIp",
        true,
      ),
      "ecs-scheduled-public-address",
    ],
    [
      "switches the circuit breaker off",
      service("auth-service").without("deploymentCircuitBreaker"),
      "ecs-service-rollback",
    ],
    ["lets shells into containers", service("api-service").set("enableExecuteCommand", true), "ecs-service-shell"],
    ["stays on an old platform", service("api-service").set("platformVersion", "1.3.0"), "ecs-service-platform"],
    [
      "stops everything at each rollout",
      service("api-service").set("deploymentMinimumHealthyPercent", 0),
      "ecs-service-keeps-serving",
    ],
    [
      "switches Container Insights off",
      at("aws:ecs/cluster:Cluster", "cryptotracker").without("settings"),
      "ecs-cluster-insights",
    ],
    [
      "ends machines under their tasks",
      provider.set("autoScalingGroupProvider.managedTerminationProtection", "DISABLED"),
      "ecs-capacity-termination-protection",
    ],
    [
      "does not drain machines",
      provider.set("autoScalingGroupProvider.managedDraining", "DISABLED"),
      "ecs-capacity-draining",
    ],
    [
      "goes back to IMDSv1",
      template("cryptotracker-gpu-a100").set("metadataOptions.httpTokens", "optional"),
      "ec2-template-imdsv2",
    ],
    [
      "gives machines public addresses",
      template("cryptotracker-gpu-a100").set("networkInterfaces.0.associatePublicIpAddress", "true"),
      "ec2-template-public-address",
    ],
    [
      "leaves machines' disks in the clear",
      template("cryptotracker-gpu-a100-spot").set("blockDeviceMappings.0.ebs.encrypted", "false"),
      "ec2-template-disks-encrypted",
    ],
    [
      "starts a bastion with a public address",
      added("aws:ec2/instance:Instance", "bastion", {
        instanceType: "t4g.small",
        associatePublicIpAddress: true,
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true },
      }),
      "ec2-instance-public-address",
    ],
    [
      "starts a machine with IMDSv1",
      added("aws:ec2/instance:Instance", "worker", { instanceType: "m7i.large", rootBlockDevice: { encrypted: true } }),
      "ec2-instance-imdsv2",
    ],
    [
      "starts a machine with a disk in the clear",
      added("aws:ec2/instance:Instance", "worker", {
        instanceType: "m7i.large",
        metadataOptions: { httpTokens: "required" },
      }),
      "ec2-instance-disk-encrypted",
    ],
  ],
};
