/** Pods, their fences and the cluster under them. */
import { added, at, type Table } from "./mutation.ts";

const pod = "spec.template.spec";
const container = `${pod}.containers.0`;
const deployment = (name: string) => at("kubernetes:apps/v1:Deployment", name);
const cluster = at("eks:index:Cluster", "eks");
const NAMESPACE = "cryptotracker";

export const kubernetes: Table = {
  "prod eks": [
    ["has no liveness probe", deployment("api-service").without(`${container}.livenessProbe`), "kubernetes-liveness"],
    [
      "has no readiness probe",
      deployment("auth-service").without(`${container}.readinessProbe`),
      "kubernetes-readiness",
    ],
    [
      "has no memory limit",
      deployment("api-service").without(`${container}.resources.limits.memory`),
      "kubernetes-memory-limit",
    ],
    [
      "says nothing of its CPU",
      deployment("alert-service").set(`${container}.resources`, {
        limits: { memory: "1Gi" },
        requests: { memory: "1Gi" },
      }),
      "kubernetes-cpu-request",
    ],
    [
      "may fill its node's disk",
      deployment("alert-service").without(`${container}.resources.limits.ephemeral-storage`),
      "kubernetes-ephemeral-storage",
    ],
    ["runs as root", deployment("api-service").set(`${container}.securityContext.runAsUser`, 0), "kubernetes-non-root"],
    ["may run as root", deployment("websocket-service").without(`${pod}.securityContext`), "kubernetes-non-root"],
    [
      "runs privileged",
      deployment("ml-inference-service").set(`${container}.securityContext.privileged`, true),
      "kubernetes-privileged",
    ],
    [
      "may escalate",
      deployment("api-service").set(`${container}.securityContext.allowPrivilegeEscalation`, true),
      "kubernetes-privilege-escalation",
    ],
    [
      "keeps its capabilities",
      deployment("api-service").without(`${container}.securityContext.capabilities`),
      "kubernetes-capabilities",
    ],
    [
      "writes to its own image",
      deployment("api-service").set(`${container}.securityContext.readOnlyRootFilesystem`, false),
      "kubernetes-read-only-root",
    ],
    [
      "takes its node's network",
      deployment("websocket-service").set(`${pod}.hostNetwork`, true),
      "kubernetes-host-namespaces",
    ],
    [
      "sees its node's processes",
      deployment("telemetry-collector").set(`${pod}.hostPID`, true),
      "kubernetes-host-namespaces",
    ],
    [
      "takes a port of its node",
      deployment("api-service").set(`${container}.ports.0.hostPort`, 3001),
      "kubernetes-host-ports",
    ],
    [
      "mounts its node's containerd",
      deployment("telemetry-collector").set(`${pod}.volumes.0`, { name: "tmp", hostPath: { path: "/run/containerd" } }),
      "kubernetes-volumes",
    ],
    [
      "has no seccomp profile",
      deployment("auth-service").set(`${pod}.securityContext.seccompProfile.type`, "Unconfined"),
      "kubernetes-seccomp",
    ],
    [
      "unmasks /proc",
      deployment("api-service").set(`${container}.securityContext.procMount`, "Unmasked"),
      "kubernetes-proc-mount",
    ],
    [
      "changes its node's kernel",
      deployment("api-service").set(`${pod}.securityContext.sysctls`, [{ name: "kernel.msgmax", value: "65536" }]),
      "kubernetes-sysctls",
    ],
    [
      "takes an SELinux type of its own",
      deployment("api-service").set(`${pod}.securityContext.seLinuxOptions`, { type: "spc_t" }),
      "kubernetes-selinux",
    ],
    [
      "takes the image latest",
      deployment("api-service").set(`${container}.image`, "cryptotracker/api:latest"),
      "kubernetes-image",
    ],
    [
      "writes a token into the environment",
      deployment("auth-service").set(`${container}.env.0`, { name: "API_TOKEN", value: "s3cr3t-s3cr3t" }),
      "kubernetes-credentials",
    ],
    [
      "gets a token for the cluster's API",
      deployment("api-service").set(`${pod}.automountServiceAccountToken`, true),
      "kubernetes-api-token",
    ],
    [
      "has less time than its farewell takes",
      deployment("websocket-service").set(`${pod}.terminationGracePeriodSeconds`, 10),
      "kubernetes-grace-period",
    ],
    [
      "asks for a GPU that its pod may not reach",
      deployment("ml-inference-service").without(`${pod}.tolerations`),
      "kubernetes-gpu",
    ],
    [
      "puts the API on GPU nodes",
      deployment("api-service").set(`${pod}.tolerations`, [{ operator: "Exists" }]),
      "kubernetes-gpu-nodes-kept",
    ],
    [
      "lives in the default namespace",
      deployment("alert-service").set("metadata.namespace", "default"),
      "kubernetes-own-namespace",
    ],
    [
      "never ends a migration",
      at("kubernetes:batch/v1:Job", "migrations").without("spec.activeDeadlineSeconds"),
      "kubernetes-job-deadline",
    ],
    [
      "loses a disruption budget",
      at("kubernetes:policy/v1:PodDisruptionBudget", "api-service").gone,
      "kubernetes-disruption-budget",
    ],
    [
      "lets no pod go",
      at("kubernetes:policy/v1:PodDisruptionBudget", "api-service").set("spec.maxUnavailable", 0),
      "kubernetes-budget-lets-go",
    ],
    [
      "loses the default deny",
      at("kubernetes:networking.k8s.io/v1:NetworkPolicy", "default-deny").gone,
      "kubernetes-default-deny",
    ],
    [
      "denies only what comes in",
      at("kubernetes:networking.k8s.io/v1:NetworkPolicy", "default-deny").set("spec.policyTypes", ["Ingress"]),
      "kubernetes-default-deny",
    ],
    ["loses the quota", at("kubernetes:core/v1:ResourceQuota", "stack-limits").gone, "kubernetes-namespace-quota"],
    [
      "loses the containers' defaults",
      at("kubernetes:core/v1:LimitRange", "defaults").gone,
      "kubernetes-namespace-defaults",
    ],
    [
      "lets any pod into the namespace",
      at("kubernetes:core/v1:Namespace", NAMESPACE).set("metadata.labels", {
        "pod-security.kubernetes.io/enforce": "privileged",
      }),
      "kubernetes-namespace-standard",
    ],
    [
      "puts the API on the internet by itself",
      at("kubernetes:core/v1:Service", "api-service").set("spec.type", "LoadBalancer"),
      "kubernetes-service-exposure",
    ],
    [
      "claims somebody's address",
      at("kubernetes:core/v1:Service", "api-service").set("spec.externalIPs", ["10.40.0.9"]),
      "kubernetes-service-external-ips",
    ],
    [
      "starts a pod that says nothing",
      added("kubernetes:core/v1:Pod", "debug", {
        metadata: { name: "debug", namespace: NAMESPACE },
        spec: { containers: [{ name: "shell", image: "busybox" }] },
      }),
      "kubernetes-non-root",
    ],
    ["opens the cluster's API to the world", cluster.set("endpointPublicAccess", true), "eks-endpoint"],
    ["runs a version without fixes", cluster.set("version", "1.29"), "eks-version"],
    ["leaves Secrets to the cluster's own key", cluster.without("encryptionConfigKeyArn"), "eks-secrets-encrypted"],
    ["logs nobody's requests", cluster.set("enabledClusterLogTypes", ["api"]), "eks-audit-log"],
    ["lets a ConfigMap say who may do what", cluster.set("authenticationMode", "CONFIG_MAP"), "eks-access-entries"],
    ["may be deleted by mistake", cluster.set("deletionProtection", false), "eks-deletion-protection"],
  ],
};
