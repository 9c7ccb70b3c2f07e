/** Workload → task definition, as `aws ecs register-task-definition` takes it. */
import { logGroup, RUN_AS_USER, TEMPORARY_PATH, TEMPORARY_SIZE_MIB } from "../../platform/conventions.ts";
import { imageReference } from "../../platform/images.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import { wire } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";
import type { TaskDefinition } from "./forms.ts";
import { family, serviceConnectUrl, tags } from "./names.ts";
import { onFargate, type FargateSize } from "./sizing.ts";

type Container = NonNullable<TaskDefinition["containerDefinitions"]>[number];

/** `size` is the Fargate pair, or the workload's own figures on EC2. */
export function taskDefinition(
  workload: Workload,
  size: FargateSize,
  model: Model,
  settings: Settings,
): TaskDefinition {
  const { compute } = workload;
  const fargate = onFargate(workload);
  const mayBurst = !fargate && compute.cpuCap === "burst";
  return {
    family: family(model.prefix, workload),
    networkMode: "awsvpc",
    requiresCompatibilities: [fargate ? "FARGATE" : "EC2"],
    // On EC2 a task-level `cpu` is a hard cap; without it the container's own is a share that may burst.
    ...(mayBurst ? {} : { cpu: String(size.cpu) }),
    memory: String(size.memory),
    runtimePlatform: {
      cpuArchitecture: compute.architecture === "arm64" ? "ARM64" : "X86_64",
      operatingSystemFamily: "LINUX",
    },
    taskRoleArn: placeholder("role", `${workload.name}-task`, "arn"),
    executionRoleArn: placeholder("role", `${workload.name}-execution`, "arn"),
    ...(fargate && compute.on.ephemeral !== undefined ? { ephemeralStorage: { sizeInGiB: compute.on.ephemeral } } : {}),
    tags: tags(workload, model, settings),
    containerDefinitions: [{ ...container(workload, model, settings), ...(mayBurst ? { cpu: size.cpu } : {}) }],
  };
}

function container(workload: Workload, model: Model, settings: Settings): Container {
  const { env, secrets } = wire(workload, model, serviceConnectUrl);
  return {
    name: workload.slug,
    image: imageReference(workload.image, settings),
    essential: true,
    ...(workload.command ? { command: [...workload.command] } : {}),
    ...ports(workload),
    environment: Object.entries(env).map(([name, value]) => ({ name, value })),
    secrets: Object.entries(secrets).map(([name, { secret, key }]) => ({
      name,
      // arn:key:stage:version, stage and version left to the current one
      valueFrom: `${placeholder("secret", secret, "arn")}:${key}::`,
    })),
    ...health(workload),
    stopTimeout: workload.shutdown.stopTimeout,
    user: String(RUN_AS_USER),
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: {
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      tmpfs: [
        { containerPath: TEMPORARY_PATH, size: TEMPORARY_SIZE_MIB, mountOptions: ["mode=1777", "nosuid", "nodev"] },
      ],
      ...sharedMemory(workload),
    },
    ...gpus(workload),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup(model.project, workload.slug),
        "awslogs-region": settings.region,
        "awslogs-stream-prefix": "ecs",
        // Spelled out: the account's default decides otherwise, and blocking would stop the service with its logs.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

function ports(workload: Workload): Pick<Container, "portMappings"> {
  if (workload.kind === "job") return {};
  const { number, protocol } = workload.port;
  return {
    portMappings: [
      {
        name: workload.slug,
        containerPort: number,
        protocol: "tcp",
        ...(workload.kind === "service" && protocol === "http" ? { appProtocol: "http" as const } : {}),
      },
    ],
  };
}

/** The seed's form; it needs curl in the image, and an image's own HEALTHCHECK is ignored. */
function health(workload: Workload): Pick<Container, "healthCheck"> {
  if (workload.kind === "job") return {};
  const { live, grace, port = workload.port.number } = workload.probes;
  const own = "reference" in workload.image ? workload.image.healthCheck : undefined;
  return {
    healthCheck: {
      command: own ? ["CMD", ...own] : ["CMD-SHELL", `curl -f http://localhost:${port}${live.path} || exit 1`],
      interval: live.interval,
      timeout: live.timeout,
      retries: live.failures,
      startPeriod: grace,
    },
  };
}

function sharedMemory({ compute: { on } }: Workload): { sharedMemorySize?: number } {
  return on.pool === "gpu" && on.sharedMemory !== undefined ? { sharedMemorySize: on.sharedMemory } : {};
}

function gpus({ compute: { on } }: Workload): Pick<Container, "resourceRequirements"> {
  return on.pool === "gpu" ? { resourceRequirements: [{ type: "GPU", value: String(on.gpus) }] } : {};
}
