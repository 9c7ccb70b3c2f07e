/** Pods for fixtures: a Deployment that keeps every rule, and departures from it. */
import type { Made } from "../fixtures.ts";
import type { Container, PodOwner, PodSpec } from "./subjects.ts";

export const DIGEST = `sha256:${"0".repeat(64)}`;
export const NAMESPACE = "platform";

const CONTAINER: Container = {
  name: "api",
  image: `registry.internal/api@${DIGEST}`,
  ports: [{ containerPort: 3001 }],
  env: [{ name: "PORT", value: "3001" }],
  resources: {
    requests: { cpu: "500m", memory: "1Gi" },
    limits: { memory: "1Gi", "ephemeral-storage": "2Gi" },
  },
  securityContext: {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  livenessProbe: { httpGet: { path: "/health", port: 3001 } },
  readinessProbe: { httpGet: { path: "/ready", port: 3001 } },
  lifecycle: { preStop: { sleep: { seconds: 20 } } },
};

const POD: PodSpec = {
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 60,
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
};

export function deployment(container: Partial<Container> = {}, pod: Partial<PodSpec> = {}): PodOwner {
  return {
    metadata: { name: "api", namespace: NAMESPACE },
    spec: {
      template: {
        metadata: { labels: { app: "api" } },
        spec: { ...POD, containers: [{ ...CONTAINER, ...container }], ...pod },
      },
    },
  };
}

/** What a pod's own field is called in the fixtures' paths. */
export const inPod = (field: string): string => `spec.template.spec.${field}`;
export const inFirstContainer = (field: string): string => inPod(`containers.0.${field}`);

/** A resource of a made-up stack in the namespace: `made("core/v1:ResourceQuota", "limits", …)`. */
export function made(type: string, name: string, spec: object, labels: Readonly<Record<string, string>> = {}): Made {
  return { type: `kubernetes:${type}`, name, props: { metadata: { name, namespace: NAMESPACE, labels }, spec } };
}

export function madeDeployment(replicas: number, container: Partial<Container> = {}): Made {
  const { metadata, spec } = deployment(container);
  return { type: "kubernetes:apps/v1:Deployment", name: "api", props: { metadata, spec: { ...spec, replicas } } };
}
