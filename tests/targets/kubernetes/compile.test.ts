import { join } from "node:path";
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { compile } from "../../../targets/kubernetes/compile.ts";
import type { Kind, Manifest } from "../../../targets/kubernetes/forms.ts";
import { expectGolden } from "../../support/golden.ts";
import { dev, devModel, problemsOf, prod, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const GOLDEN = join(import.meta.dirname, "golden");
const { units, shared } = valueOf(compile(devModel, dev));

type Of<K extends Kind> = Extract<Manifest, { kind: K }>;

function manifest<K extends Kind>(service: string, kind: K): Of<K> {
  const found = units[service]?.manifests.find((each): each is Of<K> => each.kind === kind);
  if (!found) throw new Error(`${service} has no ${kind}`);
  return found;
}

function pod(service: string) {
  const found = units[service]?.manifests.flatMap((each) => {
    if (each.kind === "Deployment") return each.spec?.template.spec ?? [];
    if (each.kind === "Job") return each.spec?.template.spec ?? [];
    return each.kind === "CronJob" ? (each.spec?.jobTemplate.spec?.template.spec ?? []) : [];
  })[0];
  const container = found?.containers[0];
  if (!found || !container) throw new Error(`${service} has no pod`);
  return { ...found, container };
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
  it("keeps what they share as it was reviewed", () => expectGolden(join(GOLDEN, "_shared.yaml"), shared));

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

  it("denies by default and lets DNS, the stores and the edge through", () => {
    const deny = shared.manifests.find(
      ({ kind, metadata }) => kind === "NetworkPolicy" && metadata?.name === "default-deny",
    );
    expect(deny && "spec" in deny ? deny.spec : undefined).to.deep.equal({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const { ingress, egress } = manifest("api-service", "NetworkPolicy").spec ?? {};
    expect(ingress?.[0]?.from?.map(({ ipBlock }) => ipBlock?.cidr)).to.deep.equal(dev.network.public);
    expect(egress?.flatMap(({ ports }) => ports?.map(({ port }) => port) ?? []).sort()).to.deep.equal([
      4318, 443, 53, 53, 5432, 6379,
    ]);
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
