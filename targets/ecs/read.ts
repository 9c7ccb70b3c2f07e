/**
 * What ECS will do with a unit, the API's defaults filled in. Shares no code with the compiler: it reads as an agent
 * would, so that a slip on the other side shows.
 */
import type {
  Behaviour,
  JobBehaviour,
  ProbeBehaviour,
  RolloutStep,
  ScalingBehaviour,
} from "../../platform/model/behaviour.ts";
import { readReach } from "../aws/read-network.ts";
import type { EcsUnit, Service } from "./forms.ts";

/** @source ECS API reference, HealthCheck and ContainerDefinition, 2026-11 */
const DEFAULTS = { interval: 30, timeout: 5, retries: 3, startPeriod: 0, stopTimeout: 30, fargateDisk: 20 } as const;
/** @source ELBv2 API reference, CreateTargetGroup and target group attributes, 2026-11 */
const TARGET_GROUP = { deregistrationDelay: 300 } as const;

export function read(unit: EcsUnit): Behaviour {
  const { taskDefinition: task, service } = unit;
  const [container] = task.containerDefinitions ?? [];
  if (container === undefined) throw new TypeError("A task definition without a container");
  const fargate = (task.requiresCompatibilities ?? ["EC2"]).includes("FARGATE");
  const units = Number(task.cpu ?? container.cpu ?? 0);
  const memory = Number(task.memory ?? container.memory ?? 0);
  const provider = readProvider(unit);
  return {
    name: service?.serviceName ?? task.tags?.find(({ key }) => key === "service")?.value ?? container.name ?? "",
    kind: service ? "longRunning" : "job",
    image: container.image ?? "",
    command: container.command ?? null,
    cpu: units / 1024,
    // A task-level figure is a hard cap; without one, on EC2, the container's is a share.
    cpuCap: task.cpu === undefined ? null : units / 1024,
    memoryGuaranteed: container.memoryReservation ?? memory,
    memoryLimit: container.memory ?? memory,
    ephemeral: task.ephemeralStorage?.sizeInGiB ?? (fargate ? DEFAULTS.fargateDisk : null),
    sharedMemory: container.linuxParameters?.sharedMemorySize ?? null,
    gpus: Number(container.resourceRequirements?.find(({ type }) => type === "GPU")?.value ?? 0),
    architecture: task.runtimePlatform?.cpuArchitecture === "ARM64" ? "arm64" : "x86_64",
    ports: (container.portMappings ?? []).flatMap(({ containerPort }) =>
      containerPort === undefined ? [] : [containerPort],
    ),
    env: Object.fromEntries(
      (container.environment ?? []).map(({ name = "", value = "" }) => [name, neutralUrl(value)]),
    ),
    secrets: Object.fromEntries(
      (container.secrets ?? []).map(({ name = "", valueFrom = "" }) => [name, secretReference(valueFrom)]),
    ),
    liveness: readHealth(unit),
    readiness: readTargetHealth(unit) ?? readHealth(unit),
    startGrace: startGrace(unit),
    drain: Number(
      attribute(unit, "deregistration_delay.timeout_seconds") ??
        (unit.targetGroup ? TARGET_GROUP.deregistrationDelay : 0),
    ),
    stopTimeout: container.stopTimeout ?? DEFAULTS.stopTimeout,
    whenUnhealthy: service ? "replaced" : null,
    initialCount: service ? (service.desiredCount ?? 0) : null,
    scaling: readScaling(unit),
    rollout: service ? readRollout(service, unit) : [],
    rollsBack: service?.deploymentConfiguration?.deploymentCircuitBreaker?.rollback ?? false,
    evictedAtOnce: service ? evicted(service, unit) : null,
    job: service ? null : readJob(unit),
    identity: unit.role.taskStatements,
    ...readReach(unit.securityGroup),
    routes: unit.targetGroup?.pathPatterns ?? [],
    pool: provider.pool,
    gpuModel: provider.gpu,
    purchase: provider.spot ? "spot" : "onDemand",
    zones: service ? readZones(service, fargate) : "any",
    user: Number(container.user ?? 0),
    readOnlyRoot: container.readonlyRootFilesystem ?? false,
    privileged: container.privileged ?? false,
    capabilities: (container.linuxParameters?.capabilities?.drop ?? []).includes("ALL")
      ? (container.linuxParameters?.capabilities?.add ?? [])
      : ["default"],
    writablePaths: [
      ...(container.linuxParameters?.tmpfs ?? []).flatMap(({ containerPath }) => containerPath ?? []),
      ...(container.mountPoints ?? [])
        .filter(({ readOnly }) => !readOnly)
        .flatMap(({ containerPath }) => containerPath ?? []),
    ].sort(),
    logs: container.logConfiguration?.options?.["awslogs-group"] ?? null,
  };
}

/** Service Connect's alias has one label; what it names is the workload, whatever the DNS. */
function neutralUrl(value: string): string {
  const [, host, port] = /^http:\/\/([a-z0-9-]+):(\d+)$/.exec(value) ?? [];
  return host !== undefined && port !== undefined ? `workload://${host}:${port}` : value;
}

/** `arn:key:stage:version`; the ARN is a placeholder here, and only its name is read. */
function secretReference(valueFrom: string): { secret: string; key: string } {
  const [, secret = valueFrom, key = ""] =
    /^\$\{secret\.([^}]+)\.arn\}(?::([^:]*):[^:]*:[^:]*)?$/.exec(valueFrom) ?? [];
  return { secret, key };
}

/** What the collector's image carries in curl's place. @source aws-otel-collector, cmd/healthcheck/main.go, 2026-11 */
const COLLECTOR_CHECK = { command: "CMD /healthcheck", request: ["", "13133", "/"] } as const;

/** The container's own check, when it is an HTTP request to this host: by curl, or by a program that we know. */
function readHealth({ taskDefinition }: EcsUnit): ProbeBehaviour | null {
  const check = taskDefinition.containerDefinitions?.[0]?.healthCheck;
  const command = check?.command?.join(" ") ?? "";
  const [, port, path] =
    command === COLLECTOR_CHECK.command
      ? COLLECTOR_CHECK.request
      : (/curl (?:-\S+ )*http:\/\/localhost:(\d+)(\/\S*)/.exec(command) ?? []);
  if (!check || port === undefined || path === undefined) return null;
  return {
    path,
    port: Number(port),
    interval: check.interval ?? DEFAULTS.interval,
    timeout: check.timeout ?? DEFAULTS.timeout,
    failures: check.retries ?? DEFAULTS.retries,
  };
}

function readTargetHealth({ targetGroup }: EcsUnit): ProbeBehaviour | null {
  if (!targetGroup) return null;
  return {
    path: targetGroup.healthCheckPath,
    port: targetGroup.port,
    interval: targetGroup.healthCheckIntervalSeconds,
    timeout: targetGroup.healthCheckTimeoutSeconds,
    failures: targetGroup.unhealthyThresholdCount,
  };
}

/** The shorter of the two graces is what holds: either check stops the task. */
function startGrace({ taskDefinition, service, targetGroup }: EcsUnit): number {
  const period = taskDefinition.containerDefinitions?.[0]?.healthCheck?.startPeriod ?? DEFAULTS.startPeriod;
  return targetGroup ? Math.min(period, service?.healthCheckGracePeriodSeconds ?? 0) : period;
}

/** A task goes where one of its subnets is. Fargate spreads over those by itself; an instance is chosen by strategy. */
function readZones(service: Service, fargate: boolean): Behaviour["zones"] {
  const { placementConstraints = [], placementStrategy = [], networkConfiguration } = service;
  const subnets = networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  const held = placementConstraints.some(
    ({ type, expression = "" }) =>
      type === "memberOf" && /^attribute:ecs\.availability-zone == \S+$/.test(expression.trim()),
  );
  if (subnets.length === 1 && (fargate || held)) return "together";
  const spreads = placementStrategy.some(
    ({ type, field }) => type === "spread" && field === "attribute:ecs.availability-zone",
  );
  return subnets.length > 1 && !held && (fargate || spreads) ? "spread" : "any";
}

function attribute({ targetGroup }: EcsUnit, key: string): string | undefined {
  return targetGroup?.attributes.find((each) => each.key === key)?.value;
}

function readScaling({ scaling }: EcsUnit): ScalingBehaviour | null {
  if (!scaling) return null;
  const configurations = scaling.policies.map((policy) => policy.targetTrackingScalingPolicyConfiguration);
  return {
    min: scaling.minCapacity,
    max: scaling.maxCapacity,
    targets: Object.fromEntries(
      configurations.map((configuration) => [metricName(configuration), configuration.targetValue]),
    ),
    outCooldown: Math.max(...configurations.map(({ scaleOutCooldown }) => scaleOutCooldown)),
    inCooldown: Math.max(...configurations.map(({ scaleInCooldown }) => scaleInCooldown)),
  };
}

type Configuration = NonNullable<EcsUnit["scaling"]>["policies"][number]["targetTrackingScalingPolicyConfiguration"];

function metricName({ predefinedMetricSpecification, customizedMetricSpecification }: Configuration): string {
  switch (predefinedMetricSpecification?.predefinedMetricType) {
    case "ECSServiceAverageCPUUtilization":
      return "cpu";
    case "ECSServiceAverageMemoryUtilization":
      return "memory";
    case undefined: {
      const stats = (customizedMetricSpecification?.metrics ?? []).flatMap(
        ({ metricStat }) => metricStat?.metric ?? [],
      );
      const backlog = stats.find(({ namespace }) => namespace === "AWS/Kafka" || namespace === "AWS/SQS");
      const dimension = (name: string): string => backlog?.dimensions.find((each) => each.name === name)?.value ?? "";
      if (backlog?.namespace === "AWS/Kafka") return `lag:${dimension("Topic")}:${dimension("Consumer Group")}`;
      return `depth:${/^\$\{queue\.([^}]+)\.name\}$/.exec(dimension("QueueName"))?.[1] ?? dimension("QueueName")}`;
    }
  }
}

/** ECS rounds the minimum up and the maximum down; a service may always run what is desired. */
function readRollout({ deploymentConfiguration }: Service, unit: EcsUnit): readonly RolloutStep[] {
  const minimum = deploymentConfiguration?.minimumHealthyPercent ?? 100;
  const maximum = deploymentConfiguration?.maximumPercent ?? 200;
  return counts(unit).map((count) => ({
    count,
    atLeast: Math.ceil((count * minimum) / 100),
    atMost: Math.floor((count * maximum) / 100),
  }));
}

function counts({ service, scaling }: EcsUnit): readonly number[] {
  const first = scaling?.minCapacity ?? service?.desiredCount ?? 0;
  const last = scaling?.maxCapacity ?? first;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Draining an instance keeps the minimum too; at 100 % the successor starts first. */
function evicted(service: Service, unit: EcsUnit): number {
  const [smallest] = readRollout(service, unit);
  return smallest ? smallest.count - smallest.atLeast : 0;
}

/** EventBridge starts a task at each time, whatever still runs, and repeats only a launch that failed. */
function readJob({ rule, runTask }: EcsUnit): JobBehaviour {
  const trigger = runTask ? "before:rollout" : `schedule:${fiveFields(rule?.scheduleExpression ?? "")}`;
  return { trigger, attempts: 1, deadline: null, maxParallel: runTask?.count ?? null };
}

/** EventBridge's six fields as cron's five. */
export function fiveFields(expression: string): string {
  const [, fields = ""] = /^cron\(([^)]*)\)$/.exec(expression) ?? [];
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields.split(" ");
  const days = weekday.replace(
    /(^|[,-])([1-7])/g,
    (_all, before: string, digit: string) => `${before}${Number(digit) - 1}`,
  );
  return [minute, hour, day === "?" ? "*" : day, month, days === "?" ? "*" : days].join(" ");
}

/** `FARGATE`, `FARGATE_SPOT`, or a pool `<project>-<pool>[-<gpu>][-spot]`. */
function readProvider({ service, rule, runTask }: EcsUnit): { pool: string; gpu: string | null; spot: boolean } {
  const strategy =
    service?.capacityProviderStrategy ??
    runTask?.capacityProviderStrategy ??
    rule?.targets[0]?.ecsParameters.capacityProviderStrategy;
  const name = strategy?.[0]?.capacityProvider ?? "FARGATE";
  if (name.startsWith("FARGATE")) return { pool: "general", gpu: null, spot: name === "FARGATE_SPOT" };
  const parts = name.split("-").slice(1);
  const spot = parts.at(-1) === "spot";
  const [pool = "", gpu] = spot ? parts.slice(0, -1) : parts;
  return { pool, gpu: gpu ?? null, spot };
}
