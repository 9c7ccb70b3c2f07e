/** A site's static files from a small server in the cluster, where there is neither a bucket nor a CDN for them. */
import { RUN_AS_USER, TEMPORARY_PATH, TEMPORARY_SIZE_MIB } from "../../platform/conventions.ts";
import { imageReference } from "../../platform/images.ts";
import type { Compute, Model, Site } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest, PodSpec } from "./forms.ts";
import { ingress } from "./ingress.ts";
import { selector, SERVING_PRIORITY } from "./names.ts";
import { ingressPeers } from "./place.ts";
import { pullPolicy, spreadOver } from "./pod.ts";
import { memoryQuantity } from "./quantities.ts";
import { resources } from "./resources.ts";

/** Above 1023, where no privilege is needed: what an unprivileged nginx listens on. */
const PORT = 8080;
const REPLICAS = 2;
const COMPUTE: Compute = {
  cpu: 64,
  cpuCap: "burst",
  memory: 64,
  on: { pool: "general", ephemeral: 1 },
  purchase: "onDemand",
  architecture: "x86_64",
};

/** In the order in which they are applied. */
export function site({ name, build, routes }: Site, model: Model, settings: Settings): readonly Manifest[] {
  const labels = {
    "app.kubernetes.io/component": "site",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": model.project,
    ...selector(name),
  };
  const metadata = { name, namespace: settings.namespace, labels };
  const matchLabels = selector(name);
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: ingressPeers(settings), ports: [{ protocol: "TCP", port: PORT }] }],
        egress: [],
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: REPLICAS,
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        template: { metadata: { labels }, spec: pod(name, build, model, settings) },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector: matchLabels,
        ports: [{ name: "http", port: PORT, targetPort: "http", protocol: "TCP" }],
      },
    },
    // `/` as a prefix is every path that no other Ingress has.
    ingress(metadata, routes.includes("/*") ? ["/*"] : routes, "http", settings),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels } },
    },
  ];
}

function pod(name: string, build: string, model: Model, settings: Settings): PodSpec {
  const asked = { httpGet: { path: "/", port: "http" }, timeoutSeconds: 5, failureThreshold: 3 };
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: `${model.project}-${SERVING_PRIORITY}`,
    // Its endpoint goes before it does.
    terminationGracePeriodSeconds: DRAIN_SECONDS + 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: RUN_AS_USER,
      runAsGroup: RUN_AS_USER,
      fsGroup: RUN_AS_USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: spreadOver(name),
    containers: [
      {
        name,
        image: imageReference({ build }, settings),
        imagePullPolicy: pullPolicy(settings),
        ports: [{ name: "http", containerPort: PORT, protocol: "TCP" }],
        resources: resources(COMPUTE),
        livenessProbe: { ...asked, periodSeconds: 30 },
        readinessProbe: { ...asked, periodSeconds: 10 },
        lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
        securityContext: {
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "tmp", mountPath: TEMPORARY_PATH }],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: memoryQuantity(TEMPORARY_SIZE_MIB) } }],
  };
}

const DRAIN_SECONDS = 10;
