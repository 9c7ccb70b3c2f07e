/**
 * Fields of the ECS API that our terms have no word for, and those that ECS itself writes. One row each.
 * @source ECS API reference, ContainerDefinition, TaskDefinition, Service; 2026-11
 */
import type { Fields } from "../fields.ts";

const CONTAINER: Readonly<Record<string, string>> = {
  credentialSpecs: "credentials of a Windows domain",
  disableNetworking: "a container without a network",
  dnsSearchDomains: "DNS of its own",
  dnsServers: "DNS of its own",
  dockerLabels: "labels of the container engine's",
  dockerSecurityOptions: "security options of the container engine's",
  extraHosts: "names in /etc/hosts",
  firelensConfiguration: "a log router (FireLens); on Kubernetes an agent of the node's, or a sidecar",
  hostname: "a host name of its own",
  interactive: "an open standard input",
  links: "names of neighbours in the task (links); without bridge networking they are all localhost to each other",
  pseudoTerminal: "a terminal",
  repositoryCredentials: "how its registry is signed in to",
  restartPolicy: "that the container restarts in its task",
  startTimeout: "how long its dependencies wait for it",
  systemControls: "kernel parameters",
  ulimits: "limits of the kernel's (ulimits)",
  versionConsistency: "whether a tag is resolved once a deployment",
  volumesFrom: "volumes of another container's",
  workingDirectory: "a working directory other than the image's",
};

export function unsaidOfContainer(fields: Fields): void {
  for (const [name, sentence] of Object.entries(CONTAINER)) fields.unsaid(name, sentence);
}

const WRITTEN_BY_ECS = "written by ECS";

export function asideOfTask(fields: Fields): void {
  fields.aside(
    WRITTEN_BY_ECS,
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
  );
  fields.unsaid("volumes", "volumes, of which only the paths are compared", "compute");
  fields.unsaid("inferenceAccelerators", "Elastic Inference", "compute");
  fields.unsaid("pidMode", "a process namespace that is shared");
  fields.unsaid("ipcMode", "shared memory between containers");
  fields.unsaid("proxyConfiguration", "an App Mesh proxy");
  fields.unsaid("enableFaultInjection", "fault injection");
}

export function asideOfService(fields: Fields): void {
  fields.aside(
    WRITTEN_BY_ECS,
    "serviceArn",
    "status",
    "runningCount",
    "pendingCount",
    "deployments",
    "events",
    "createdAt",
    "createdBy",
    "currentServiceDeployment",
    "currentServiceRevisions",
    "resourceManagementType",
    "platformFamily",
    "taskSets",
  );
  fields.aside(
    "how ECS runs it, which no other platform has",
    "clientToken",
    "cluster",
    "clusterArn",
    "platformVersion",
    "role",
    "roleArn",
    "availabilityZoneRebalancing",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "propagateTags",
    "monitoring",
  );
  fields.unsaid("serviceRegistries", "a registry of names (Cloud Map)", "uses");
  fields.unsaid("volumeConfigurations", "a volume made for each task");
  fields.unsaid("vpcLatticeConfigurations", "VPC Lattice", "route");
}
