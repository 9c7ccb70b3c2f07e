import { join } from "node:path";
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { compile } from "../../../targets/kubernetes/compile.ts";
import type { ClusterManifest, Kind, Manifest } from "../../../targets/kubernetes/forms.ts";
import { expectGolden } from "../../support/golden.ts";
import { dev, devModel, problemsOf, prod, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const GOLDEN = join(import.meta.dirname, "golden");
const { units, shared } = valueOf(compile(devModel, dev));

type Of<K extends Kind> = Extract<ClusterManifest, { kind: K }>;

function manifest<K extends Kind>(service: string, kind: K): Of<K> {
  const manifests: readonly ClusterManifest[] = units[service]?.manifests ?? [];
  const found = manifests.find((each): each is Of<K> => each.kind === kind);
  if (!found) throw new Error(`${service} has no ${kind}`);
  return found;
}

function pod(service: string, from = units) {
  const found = from[service]?.manifests.flatMap((each) => {
    if (each.kind === "Deployment") return each.spec?.template.spec ?? [];
    if (each.kind === "Job") return each.spec?.template.spec ?? [];
    return each.kind === "CronJob" ? (each.spec?.jobTemplate.spec?.template.spec ?? []) : [];
  })[0];
  const container = found?.containers[0];
  if (!found || !container) throw new Error(`${service} has no pod`);
  return { ...found, container };
}

/** What is shared, in files that can be reviewed: each store and site by its name, the rest together. */
function groups(manifests: readonly ClusterManifest[]): ReadonlyMap<string, readonly ClusterManifest[]> {
  return Map.groupBy(manifests, ({ metadata }) => {
    const { "app.kubernetes.io/component": component, "app.kubernetes.io/name": name } = metadata?.labels ?? {};
    return component !== undefined && name !== undefined ? `_${component}-${name}` : "_shared";
  });
}

describe("Kubernetes compile", () => {
  it("has a unit for each workload and nothing else, sorted", () => {
    expect(Object.keys(units)).to.deep.equal(devModel.workloads.map(({ name }) => name).sort());
  });

  it("compiles to the same bytes twice", () => {
    expect(JSON.stringify(valueOf(compile(cryptotracker(dev), dev)))).to.equal(JSON.stringify({ units, shared }));
  });

  for (const { name } of devModel.workloads) {
    it(`keeps ${name} as it was reviewed`, () => expectGolden(join(GOLDEN, `${name}.yaml`), units[name]));
  }
  for (const [name, manifests] of groups(shared.manifests)) {
    it(`keeps ${name} as it was reviewed`, () => expectGolden(join(GOLDEN, `${name}.yaml`), { manifests }));
  }

  it("counts CPU in thousandths, not in units", () => {
    expect(pod("api-service").container.resources?.requests).to.include({ cpu: "1", memory: "2Gi" });
    expect(pod("websocket-service").container.resources?.requests).to.include({ cpu: "500m", memory: "1Gi" });
    expect(pod("migrations").container.resources?.requests).to.include({ cpu: "250m", memory: "512Mi" });
  });

  it("requests all the memory that it allows, and caps CPU only where the model does", () => {
    for (const { name, compute } of devModel.workloads) {
      const { requests, limits } = pod(name).container.resources ?? {};
      expect(requests?.["memory"], name).to.equal(limits?.["memory"]);
      expect(limits?.["cpu"], name).to.equal(compute.cpuCap === "hard" ? requests?.["cpu"] : undefined);
    }
  });

  it("meets Pod Security restricted in every pod", () => {
    for (const { name } of devModel.workloads) {
      const { securityContext, hostNetwork, hostPID, hostIPC, volumes, container } = pod(name);
      expect(securityContext, name).to.deep.include({
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(container.securityContext, name).to.deep.equal({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect([hostNetwork, hostPID, hostIPC], name).to.deep.equal([undefined, undefined, undefined]);
      expect(
        (volumes ?? []).every(({ emptyDir }) => emptyDir !== undefined),
        name,
      ).to.equal(true);
    }
  });

  it("waits before SIGTERM and leaves time after it", () => {
    const { terminationGracePeriodSeconds, container } = pod("api-service");
    expect(container.lifecycle?.preStop).to.deep.equal({ sleep: { seconds: 30 } });
    expect(terminationGracePeriodSeconds).to.be.within(60, 75);
  });

  it("names no count beside an autoscaler, and one for a singleton", () => {
    expect(manifest("api-service", "Deployment").spec).to.not.have.property("replicas");
    expect(manifest("data-ingestion-service", "Deployment").spec?.replicas).to.equal(1);
    expect(units["data-ingestion-service"]?.manifests.map(({ kind }) => kind)).to.not.include(
      "HorizontalPodAutoscaler",
    );
  });

  it("surges by an absolute number where a percentage would round the other way", () => {
    const strategy = (service: string) => manifest(service, "Deployment").spec?.strategy?.rollingUpdate;
    expect(strategy("api-service")).to.deep.equal({ maxUnavailable: 0, maxSurge: "100%" });
    expect(strategy("websocket-service")).to.deep.equal({ maxUnavailable: 0, maxSurge: 1 });
    expect(strategy("ml-inference-service")).to.deep.equal({ maxUnavailable: "100%", maxSurge: 0 });
  });

  it("scales like the seed", () => {
    const { minReplicas, maxReplicas, metrics, behavior } =
      manifest("api-service", "HorizontalPodAutoscaler").spec ?? {};
    expect([minReplicas, maxReplicas]).to.deep.equal([2, 20]);
    expect(metrics?.map(({ resource }) => [resource?.name, resource?.target.averageUtilization])).to.deep.equal([
      ["cpu", 70],
      ["memory", 80],
    ]);
    expect(behavior?.scaleDown?.stabilizationWindowSeconds).to.equal(300);
    expect(behavior?.scaleUp?.policies?.map(({ periodSeconds }) => periodSeconds)).to.deep.equal([60]);
  });

  it("gives a GPU to what asks for one, on nodes that others do not get", () => {
    const inference = pod("ml-inference-service");
    expect(inference.container.resources?.limits).to.include({ "nvidia.com/gpu": "1" });
    expect(inference.tolerations).to.deep.equal([
      { key: "nvidia.com/gpu", value: "present", operator: "Equal", effect: "NoSchedule" },
    ]);
    expect(pod("api-service")).to.not.have.property("tolerations");
    expect(pod("model-training").nodeSelector).to.include({
      "cryptotracker.internal/purchase": "spot",
      "cryptotracker.internal/pool": "gpu",
    });
  });

  it("escapes what Kubernetes would expand and ECS would not", () => {
    const api = workload("api-service", "service");
    const changed = { ...api, env: { GREETING: "$(HOME) costs $5" }, command: ["node", "$(x)"] };
    const compiled = valueOf(compile(withWorkload(changed), dev)).units["api-service"];
    const deployment = compiled?.manifests.find((each) => each.kind === "Deployment");
    const [container] = deployment?.spec?.template.spec?.containers ?? [];
    expect(container?.env?.find(({ name }) => name === "GREETING")?.value).to.equal("$$(HOME) costs $5");
    expect(container?.args).to.deep.equal(["node", "$$(x)"]);
  });

  it("denies by default, in both namespaces", () => {
    const denied = shared.manifests.filter(
      (each): each is Of<"NetworkPolicy"> => each.kind === "NetworkPolicy" && each.metadata?.name === "default-deny",
    );
    expect(denied.map(({ metadata }) => metadata?.namespace)).to.deep.equal(["cryptotracker", "cryptotracker-data"]);
    for (const { spec } of denied) expect(spec).to.deep.equal({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("lets a workload out to the stores and services that its bindings name and to DNS, and to no AWS", () => {
    const egress = manifest("api-service", "NetworkPolicy").spec?.egress ?? [];
    const ways = egress.flatMap(({ to = [], ports = [] }) =>
      to.map(({ namespaceSelector, podSelector, ipBlock }) => [
        ipBlock?.cidr ?? namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] ?? "own",
        podSelector?.matchLabels?.["app.kubernetes.io/name"],
        ports.map(({ port }) => port),
      ]),
    );
    expect(ways).to.have.deep.members([
      ["cryptotracker-data", "database", [5432]],
      ["cryptotracker-data", "redis", [6379]],
      ["own", "auth-service", [3003]],
      ["own", "telemetry-collector", [4318]],
      ["kube-system", undefined, [53, 53]],
    ]);
  });

  it("lets the ingress controller in from where the stack says that it is", () => {
    const from = (ingressFrom?: string | readonly string[]) => {
      const settings = { ...dev, kubernetes: { ...dev.kubernetes, ...(ingressFrom ? { ingressFrom } : {}) } };
      const policy = valueOf(compile(devModel, settings)).units["api-service"]?.manifests.find(
        (each) => each.kind === "NetworkPolicy",
      );
      return policy?.spec?.ingress?.map((rule) => rule.from);
    };
    expect(from()).to.deep.equal([[{ namespaceSelector: {} }]]);
    expect(from("traefik")).to.deep.equal([
      [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } }],
    ]);
    expect(from(["130.211.0.0/22"])).to.deep.equal([[{ ipBlock: { cidr: "130.211.0.0/22" } }]]);
  });

  it("puts every public path and the site behind one name, encrypted, when it has one", () => {
    const kubernetes = {
      ...dev.kubernetes,
      domain: "tracker.example.org",
      tlsSecret: "tracker",
      ingressClass: "nginx",
    };
    const compiled = valueOf(compile(devModel, { ...dev, kubernetes }));
    const all = [...compiled.shared.manifests, ...Object.values(compiled.units).flatMap((unit) => unit.manifests)];
    const ingresses = all.filter((each): each is Of<"Ingress"> => each.kind === "Ingress");
    expect(ingresses.map(({ metadata }) => metadata?.name)).to.have.members([
      "web",
      "api-service",
      "auth-service",
      "websocket-service",
    ]);
    for (const { spec } of ingresses) {
      expect(spec?.rules?.map(({ host }) => host)).to.deep.equal(["tracker.example.org"]);
      expect(spec?.tls).to.deep.equal([{ hosts: ["tracker.example.org"], secretName: "tracker" }]);
    }
    const annotated = ingresses.filter(({ metadata }) => metadata?.annotations);
    expect(annotated.map(({ metadata }) => metadata?.annotations)).to.deep.equal([
      {
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "120",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "120",
      },
    ]);
  });

  it("tells who uses queues and buckets where they are, and gives keys to nobody who has no bucket", () => {
    const variables = (service: string, from = units) =>
      Object.fromEntries(
        (pod(service, from).container.env ?? [])
          .filter(({ name }) => name.startsWith("AWS_"))
          .map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef?.name]),
      );
    const alert = workload("alert-service", "worker");
    const binding = { as: "ML_RESULTS", to: { kind: "queue", name: "ml-results" }, access: "receive" } as const;
    const withQueue = valueOf(compile(withWorkload({ ...alert, uses: [...alert.uses, binding] }), dev)).units;
    expect(variables("model-training")).to.deep.equal({
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_S3: "${store.objects.endpoint}",
      AWS_ACCESS_KEY_ID: "objects-credentials",
      AWS_SECRET_ACCESS_KEY: "objects-credentials",
    });
    expect(variables("alert-service", withQueue)).to.deep.equal({
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_SQS: "${store.queues.endpoint}",
      AWS_ACCESS_KEY_ID: "queues-credentials",
      AWS_SECRET_ACCESS_KEY: "queues-credentials",
    });
    expect(variables("api-service")).to.deep.equal({});
  });

  it("hands telemetry on to whom the stack names, by a way of its own", () => {
    const compiled = (otlpEndpoint?: string) =>
      valueOf(
        compile(devModel, { ...dev, kubernetes: { ...dev.kubernetes, ...(otlpEndpoint ? { otlpEndpoint } : {}) } }),
      ).units["telemetry-collector"]?.manifests ?? [];
    const configuration = (manifests: readonly Manifest[]) => {
      const deployment = manifests.find((each) => each.kind === "Deployment");
      const [container] = deployment?.spec?.template.spec?.containers ?? [];
      const text = container?.env?.find(({ name }) => name === "AOT_CONFIG_CONTENT")?.value ?? "{}";
      return JSON.parse(text) as { exporters: object; service: { pipelines: Record<string, { exporters: string[] }> } };
    };
    const without = configuration(compiled());
    expect(without.exporters).to.deep.equal({ debug: { verbosity: "basic" } });
    const inside = compiled("http://tempo.monitoring.svc.cluster.local:4318");
    expect(configuration(inside).exporters).to.deep.equal({
      otlphttp: { endpoint: "http://tempo.monitoring.svc.cluster.local:4318" },
    });
    for (const { exporters } of Object.values(configuration(inside).service.pipelines))
      expect(exporters).to.deep.equal(["otlphttp"]);
    const policy = inside.find((each) => each.kind === "NetworkPolicy");
    expect(policy?.spec?.egress).to.deep.include({
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
      ports: [{ protocol: "TCP", port: 4318 }],
    });
  });

  it("refuses a name that a CronJob cannot carry", () => {
    const training = workload("model-training", "job");
    const named = { ...training, name: "a".repeat(53) };
    const model = { ...devModel, workloads: devModel.workloads.map((each) => (each === training ? named : each)) };
    expect(problemsOf(compile(model, dev)).map(({ code }) => code)).to.deep.equal(["cron-job-name"]);
  });

  it("pins images by digest in prod and pulls them once", () => {
    for (const { manifests } of Object.values(valueOf(compile(cryptotracker(prod), prod)).units)) {
      const deployment = manifests.find((each) => each.kind === "Deployment");
      const [container] = deployment?.spec?.template.spec?.containers ?? [];
      if (!container) continue;
      expect(container.image).to.match(/@sha256:[0-9a-f]{64}$/);
      expect(container.imagePullPolicy).to.equal("IfNotPresent");
    }
  });
});
