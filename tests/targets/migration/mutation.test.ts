/**
 * Would parity notice? One slip at a time is made in the *source* of a compiler, in a copy, and the copy's own parity
 * runs over the catalogue. A slip that survives would reach production as a difference that nobody declared.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type * as StackModule from "../../../targets/stack.ts";
import { ROOT } from "../../support/stacks.ts";

/** [file, what it says, what it says after the slip, the field in which that must show]. */
type Slip = readonly [file: string, before: string, after: string, field: string];

const K = "targets/kubernetes";
const E = "targets/ecs";
const EKS = "targets/eks";

const SLIPS: readonly Slip[] = [
  [`${K}/quantities.ts`, "Math.ceil((units * 1000) / 1024)", "units", "cpu"],
  [`${K}/quantities.ts`, "`${mebibytes / 1024}Gi`", "`${mebibytes / 1024}G`", "memoryLimit"],
  [`${K}/resources.ts`, '...(cpuCap === "hard" ? { cpu: cpuQuantity(cpu) } : {}),', "", "cpuCap"],
  [`${K}/resources.ts`, "cpu: cpuQuantity(cpu),\n", "cpu: cpuQuantity(cpu / 2),\n", "cpu"],
  [`${K}/pod.ts`, "secretKeyRef: { name: secret, key }", 'secretKeyRef: { name: secret, key: "value" }', "secrets"],
  [`${K}/pod.ts`, "...Object.entries(secrets).map", "...Object.entries(secrets).slice(1).map", "secrets"],
  [`${K}/pod.ts`, "containerPort: workload.port.number", "containerPort: workload.port.number + 1", "ports"],
  [`${K}/pod.ts`, "livenessProbe: httpProbe(live, port)", "livenessProbe: httpProbe(ready, port)", "liveness"],
  [`${K}/pod.ts`, "failureThreshold: failures", "failureThreshold: timeout", "liveness"],
  [`${K}/pod.ts`, "timeoutSeconds: timeout,\n    failureThreshold: failures", "failureThreshold: failures", "liveness"],
  [
    `${K}/pod.ts`,
    "failureThreshold: Math.max(1, Math.ceil(grace / STARTUP_PERIOD))",
    "failureThreshold: grace",
    "startGrace",
  ],
  [`${K}/pod.ts`, "drain + stopTimeout + GRACE_MARGIN", "stopTimeout", "stopTimeout"],
  [`${K}/pod.ts`, "...preStop(workload.shutdown.drain),", "", "drain"],
  [`${K}/pod.ts`, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "readOnlyRoot"],
  [
    `${K}/pod.ts`,
    'capabilities: { drop: ["ALL"] }',
    'capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] }',
    "capabilities",
  ],
  [`${K}/pod.ts`, '{ key: "nvidia.com/gpu", value: "present" }', '{ key: "gpu", value: "present" }', "gpus"],
  [`${K}/pod.ts`, '[PURCHASE_LABEL]: "spot"', '[PURCHASE_LABEL]: "onDemand"', "purchase"],
  [`${K}/autoscaler.ts`, 'utilization("cpu", metric.cpu)', 'utilization("cpu", metric.cpu + 5)', "scaling"],
  [`${K}/autoscaler.ts`, "minReplicas: autoscaling.min", "minReplicas: autoscaling.desired", "scaling"],
  [
    `${K}/autoscaler.ts`,
    "stabilizationWindowSeconds: autoscaling.in",
    "stabilizationWindowSeconds: autoscaling.out",
    "scaling",
  ],
  [`${K}/deployment.ts`, "maxSurge: exact ? `${extra}%` : ", "maxSurge: true ? `${extra}%` : ", "rollout"],
  [
    `${K}/deployment.ts`,
    '{ maxUnavailable: "100%", maxSurge: 0 }',
    '{ maxUnavailable: "50%", maxSurge: 0 }',
    "rollout",
  ],
  [`${K}/deployment.ts`, "maxUnavailable: 1,", "maxUnavailable: 2,", "evictedAtOnce"],
  [`${K}/place.ts`, "peers: blocks(network.isolated)", "peers: blocks([network.vpc])", "reaches"],
  [`${K}/place.ts`, "peers: [{ ...data, ...podsOf(peer.name) }]", "peers: [data]", "reaches"],
  [`${K}/place.ts`, "peers: [{ ...data, ...podsOf(QUEUES) }]", "peers: [{ ...data, ...podsOf(OBJECTS) }]", "reaches"],
  [`${K}/place.ts`, "return { peers: ingressPeers(settings), port };", "return { peers: INTERNET, port };", "accepts"],
  [`${K}/stand-ins.ts`, "credentialsName(buckets ? OBJECTS : QUEUES)", "credentialsName(QUEUES)", "secrets"],
  [`${K}/telemetry.ts`, "exporters: Object.keys(exporters)", "exporters: each.exporters", "env"],
  [`${K}/names.ts`, "`http://${name}.${namespace}.svc.cluster.local:${port}`", "`http://${name}:${port}`", "env"],
  [`${K}/job.ts`, "backoffLimit: workload.attempts - 1", "backoffLimit: workload.attempts", "job"],
  [`${E}/task-definition.ts`, "retries: live.failures", "retries: live.timeout", "liveness"],
  [`${E}/task-definition.ts`, "interval: live.interval", "interval: workload.probes.ready.interval", "liveness"],
  [`${E}/task-definition.ts`, "startPeriod: grace", "startPeriod: 0", "startGrace"],
  [`${E}/task-definition.ts`, "http://localhost:${port}${live.path}", "http://localhost:3000${live.path}", "liveness"],
  [`${E}/task-definition.ts`, ":${key}::`", ":password::`", "secrets"],
  [
    `${E}/task-definition.ts`,
    "secrets: Object.entries(secrets)",
    "secrets: Object.entries(secrets).slice(1)",
    "secrets",
  ],
  [`${E}/task-definition.ts`, "stopTimeout: workload.shutdown.stopTimeout,", "", "stopTimeout"],
  [`${E}/task-definition.ts`, "memory: String(size.memory)", "memory: String(size.memory / 2)", "memoryLimit"],
  [`${E}/task-definition.ts`, "String(on.gpus)", '"0"', "gpus"],
  [`${E}/task-definition.ts`, "sharedMemorySize: on.sharedMemory", "sharedMemorySize: on.gpus", "sharedMemory"],
  [
    `${E}/schedule.ts`,
    "[minute, hour, dayOfMonth, month, dayOfWeek",
    "[hour, minute, dayOfMonth, month, dayOfWeek",
    "job",
  ],
  [
    `${E}/names.ts`,
    'return compute.purchase === "spot" ? "FARGATE_SPOT" : "FARGATE"',
    'return "FARGATE_SPOT"',
    "purchase",
  ],
  [`${E}/task-definition.ts`, "user: String(RUN_AS_USER),", "", "user"],
  [
    `${E}/scaling.ts`,
    "scaleOutCooldown: out, scaleInCooldown: inward",
    "scaleOutCooldown: inward, scaleInCooldown: out",
    "scaling",
  ],
  [`${E}/scaling.ts`, "minCapacity: autoscaling.min", "minCapacity: 1", "scaling"],
  [
    `${E}/service.ts`,
    "minimumHealthyPercent: rollout.minHealthy, maximumPercent: rollout.max",
    "minimumHealthyPercent: 50, maximumPercent: rollout.max",
    "rollout",
  ],
  [`${E}/names.ts`, "isTogether(workload) ? [ZONE_OF_ONE] : ZONES", "ZONES", "zones"],
  [`${E}/names.ts`, 'kind !== "job" && zones === "together"', 'kind !== "job" && zones !== "together"', "zones"],
  [`${E}/service.ts`, "attribute:ecs.availability-zone == ${zone}", "attribute:ecs.instance-type == ${zone}", "zones"],
  [`${E}/task-definition.ts`, '["CMD", ...own]', '["CMD"]', "liveness"],
  [`${K}/pod.ts`, "{ affinity: { podAffinity: besideEachOther(labelSelector) } }", "{}", "zones"],
  [`${K}/pod.ts`, "together ? [NODE] : [ZONE, NODE]", "together ? [NODE] : [NODE]", "zones"],
  [`${K}/pod.ts`, "livenessProbe: httpProbe(live, port)", 'livenessProbe: httpProbe(live, "http")', "liveness"],
  [`${E}/service.ts`, "rollback: true", "rollback: false", "rollsBack"],
  ["targets/aws/target-group.ts", "String(workload.shutdown.drain)", '"0"', "drain"],
  ["targets/aws/security-group.ts", "`workload-${peer.name}`", '"edge"', "accepts"],
  [`${E}/sizing.ts`, "a, b) => price(a) - price(b)", "a, b) => price(b) - price(a)", "cpu"],
  [`${EKS}/external-secret.ts`, "property: key", 'property: "value"', "secrets"],
  [
    `${EKS}/external-secret.ts`,
    "role: secretsRoleArn(workload.name)",
    "role: secretsRoleArn(workload.slug)",
    "secrets",
  ],
  [`${EKS}/pod.ts`, 'secretName(workload, reference.name ?? "")', 'reference.name ?? ""', "secrets"],
  [`${EKS}/pod.ts`, "logGroup(model.project, workload.slug)", "logGroup(model.project, workload.name)", "logs"],
  [`${EKS}/identity.ts`, '["sts:AssumeRole", "sts:TagSession"]', '["sts:AssumeRole"]', "identity"],
  [`${EKS}/identity.ts`, "pods.eks.amazonaws.com", "ecs-tasks.amazonaws.com", "identity"],
  [
    `${EKS}/identity.ts`,
    "identityOf(model, namespace, workload.name, workload.name, statements)",
    'identityOf(model, namespace, "default", workload.name, statements)',
    "identity",
  ],
  [`${EKS}/network-policy.ts`, "169.254.170.23/32", "169.254.169.254/32", "identity"],
  [`${EKS}/keda.ts`, "lagThreshold: String(perReplica)", 'lagThreshold: "10"', "scaling"],
  [`${EKS}/keda.ts`, "consumerGroup: group", "consumerGroup: lag.name", "scaling"],
  [`${EKS}/keda.ts`, 'scaleOnInFlight: "false"', 'scaleOnInFlight: "true"', "scaling"],
  [`${EKS}/keda.ts`, 'saslTokenProvider: "aws_msk_iam"', 'saslTokenProvider: "bearer"', "scaling"],
  [`${EKS}/keda.ts`, "minReplicaCount: autoscaling.min", "minReplicaCount: 0", "scaling"],
  [
    `${EKS}/compile.ts`,
    "return scalesOnBacklog(workload.scaling) ?",
    "return !scalesOnBacklog(workload.scaling) ?",
    "scaling",
  ],
  [
    `${EKS}/target-group-binding.ts`,
    'placeholder("targetGroup", workload.name',
    'placeholder("targetGroup", workload.slug',
    "routes",
  ],
  [`${EKS}/target-group-binding.ts`, 'targetType: "ip"', 'targetType: "instance"', "routes"],
  [`${EKS}/security-group.ts`, "reaches.map(toRule)", "reaches.slice(1).map(toRule)", "reaches"],
  [`${EKS}/security-group.ts`, "...accepts.map(toRule),", "", "accepts"],
  [`${EKS}/security-group.ts`, "groupIds: [podGroupId(workload)]", "groupIds: [CLUSTER_GROUP_ID]", "reaches"],
];

interface Copy {
  findings(): Promise<readonly string[]>;
  remove(): void;
}

/** The pure part of the project in a folder of its own, with one file changed. */
function copyWith(slip: Slip | undefined): Copy {
  const folder = mkdtempSync(join(tmpdir(), "mutation-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  for (const file of ["package.json", "Pulumi.dev.yaml", "platform", "targets"]) {
    cpSync(join(ROOT, file), join(folder, file), {
      recursive: true,
      filter: (source) => !/targets\/(local|alb)\b/.test(source),
    });
  }
  mkdirSync(join(folder, "tests"), { recursive: true });
  if (slip) {
    const [file, before, after] = slip;
    const path = join(folder, file);
    const source = readFileSync(path, "utf8");
    expect(source.split(before).length - 1, `${file}: ${before}`).to.equal(1);
    writeFileSync(
      path,
      source.replace(before, () => after),
    );
  }
  return {
    async findings() {
      // The copy's own module, of the same shape as ours.
      const stack = (await import(pathToFileURL(join(folder, "targets/stack.ts")).href)) as typeof StackModule;
      const compiled = stack.compileStack(folder, "dev", ["ecs", "eks", "kubernetes"]);
      if (!compiled.ok) return compiled.problems.map(({ code }) => code);
      const { differences } = stack.parityOf(compiled.value);
      return [...new Set(differences.filter(({ loss }) => loss === null).map(({ field }) => field))];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

describe("parity, when a compiler slips", () => {
  it("says nothing of a faithful copy", async () => {
    const copy = copyWith(undefined);
    try {
      expect(await copy.findings()).to.deep.equal([]);
    } finally {
      copy.remove();
    }
  });

  for (const slip of SLIPS) {
    const [file, before, after, field] = slip;
    it(`${file}: ${oneLine(before)} → ${oneLine(after) || "nothing"} shows in ${field}`, async () => {
      const copy = copyWith(slip);
      try {
        expect(await copy.findings()).to.include(field);
      } finally {
        copy.remove();
      }
    });
  }
});

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
