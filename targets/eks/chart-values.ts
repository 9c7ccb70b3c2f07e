/** What each chart is told. Region and VPC are told too: with one hop, a pod can not ask the instance for them. */
import type { Settings } from "../../platform/settings.ts";
import { POOL_LABEL } from "../kubernetes/names.ts";
import { AUTOSCALER_IMAGES, DEVICE_PLUGIN, PODS, type ChartName, type ChartPod } from "./charts.ts";
import { clusterVersion } from "./versions.ts";

type Values = Readonly<Record<string, unknown>>;

export interface ChartContext {
  readonly clusterName: string;
  /** Known when the network is. */
  readonly vpcId: unknown;
  readonly settings: Settings;
}

export function chartValues(name: ChartName, context: ChartContext): Values {
  return VALUES[name](context);
}

const VALUES: Readonly<Record<ChartName, (context: ChartContext) => Values>> = {
  "aws-load-balancer-controller": loadBalancerController,
  "cluster-autoscaler": clusterAutoscaler,
  "external-secrets": externalSecrets,
  keda,
  "nvidia-device-plugin": devicePlugin,
  reloader,
};

const PLACED = { nodeSelector: { [POOL_LABEL]: "general" }, priorityClassName: "system-cluster-critical" } as const;
const ONE_AT_A_TIME = { maxUnavailable: 1 } as const;
const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 65534,
  fsGroup: 65534,
  seccompProfile: { type: "RuntimeDefault" },
};
const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Targets only: the balancers, their rules and their groups are ours, so everything else that it could do is off. */
function loadBalancerController({ clusterName, vpcId, settings }: ChartContext): Values {
  const pod = PODS["aws-load-balancer-controller"];
  return {
    ...PLACED,
    clusterName,
    region: settings.region,
    vpcId,
    replicaCount: pod.replicas,
    resources: resources(pod),
    podDisruptionBudget: ONE_AT_A_TIME,
    serviceAccount: { name: "aws-load-balancer-controller" },
    podSecurityContext: POD_SECURITY,
    securityContext: CONTAINER_SECURITY,
    // A pod without its readiness gate would count as ready before the balancer knows it; rather none starts.
    podMutatorWebhookConfig: { failurePolicy: "Fail" },
    // Made when it is installed, and not anew with each upgrade.
    keepTLSSecret: true,
    enableServiceMutatorWebhook: false,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    enableBackendSecurityGroup: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
  };
}

function clusterAutoscaler({ clusterName, settings }: ChartContext): Values {
  const pod = PODS["cluster-autoscaler"];
  const tag = AUTOSCALER_IMAGES[clusterVersion(settings)];
  return {
    ...PLACED,
    fullnameOverride: "cluster-autoscaler",
    cloudProvider: "aws",
    awsRegion: settings.region,
    autoDiscovery: { clusterName },
    ...(tag ? { image: { tag } } : {}),
    replicaCount: pod.replicas,
    resources: resources(pod),
    rbac: { serviceAccount: { name: "cluster-autoscaler" } },
    securityContext: POD_SECURITY,
    containerSecurityContext: CONTAINER_SECURITY,
    extraArgs: {
      expander: "least-waste",
      // Each of our pods has an emptyDir for /tmp, and each operator is a system pod with a budget of its own: with the
      // defaults no node would ever go.
      "skip-nodes-with-local-storage": false,
      "skip-nodes-with-system-pods": false,
    },
  };
}

/** Stores and secrets of namespaces alone: nobody may read for the whole cluster, or write into Secrets Manager. */
function externalSecrets(): Values {
  const { "external-secrets": controller, "external-secrets-cert-controller": certificates } = PODS;
  const webhook = PODS["external-secrets-webhook"];
  const budget = { enabled: true, minAvailable: 1 };
  return {
    ...PLACED,
    replicaCount: controller.replicas,
    leaderElect: true,
    resources: resources(controller),
    podDisruptionBudget: budget,
    serviceAccount: { name: "external-secrets" },
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processClusterStore: false,
    processPushSecret: false,
    webhook: {
      ...PLACED,
      replicaCount: webhook.replicas,
      resources: resources(webhook),
      podDisruptionBudget: budget,
    },
    certController: { ...PLACED, replicaCount: certificates.replicas, resources: resources(certificates) },
  };
}

/** It scales Deployments and starts Jobs; a secret it never needs, for it asks AWS as itself. */
function keda({ clusterName }: ChartContext): Values {
  const { "keda-operator": operator, "keda-admission-webhooks": webhooks } = PODS;
  const metrics = PODS["keda-operator-metrics-apiserver"];
  return {
    ...PLACED,
    clusterName,
    operator: { name: "keda-operator", replicaCount: operator.replicas },
    metricsServer: { replicaCount: metrics.replicas },
    webhooks: { replicaCount: webhooks.replicas },
    resources: { operator: resources(operator), metricServer: resources(metrics), webhooks: resources(webhooks) },
    podDisruptionBudget: { operator: ONE_AT_A_TIME, metricServer: ONE_AT_A_TIME, webhooks: ONE_AT_A_TIME },
    serviceAccount: { operator: { name: "keda-operator" } },
    rbac: { enabledCustomScaledRefKinds: false },
    permissions: { operator: { restrict: { secret: true } }, metricServer: { restrict: { secret: true } } },
  };
}

/** A restart by annotation leaves the pod's environment, which the Deployment owns, alone. */
function reloader({ settings }: ChartContext): Values {
  const pod = PODS.reloader;
  return {
    reloader: {
      reloadStrategy: "annotations",
      ignoreConfigMaps: true,
      ignoreCronJobs: true,
      ignoreJobs: true,
      namespaceSelector: `kubernetes.io/metadata.name=${settings.namespace}`,
      enableHA: true,
      readOnlyRootFileSystem: true,
      podDisruptionBudget: { enabled: true, ...ONE_AT_A_TIME },
      deployment: {
        ...PLACED,
        replicas: pod.replicas,
        resources: resources(pod),
        securityContext: POD_SECURITY,
        containerSecurityContext: CONTAINER_SECURITY,
      },
    },
  };
}

/** The chart's own affinity finds the nodes by `nvidia.com/gpu.present`, which their group gives them. */
function devicePlugin(): Values {
  return { tolerations: [{ operator: "Exists" }], resources: resources(DEVICE_PLUGIN) };
}

function resources({ milliCpu, memory, memoryLimit }: Omit<ChartPod, "replicas">): Values {
  return { requests: { cpu: `${milliCpu}m`, memory: `${memory}Mi` }, limits: { memory: `${memoryLimit}Mi` } };
}
