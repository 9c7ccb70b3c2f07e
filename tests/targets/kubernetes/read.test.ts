import { expect } from "chai";
import fc from "fast-check";
import { compile } from "../../../targets/kubernetes/compile.ts";
import type { KubernetesUnit, PodSpec } from "../../../targets/kubernetes/forms.ts";
import { read } from "../../../targets/kubernetes/read.ts";
import { dev, devModel, valueOf, withWorkload, workload } from "../../support/stacks.ts";

/** A Deployment as `kubectl create deployment` would make it, with a pod of the test's. */
function deployed(pod: Partial<PodSpec["containers"][number]>, spec: Partial<PodSpec> = {}): KubernetesUnit {
  return {
    manifests: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "x" },
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: "x" } },
          template: {
            metadata: { labels: { app: "x" } },
            spec: { containers: [{ name: "x", image: "x:1", ...pod }], ...spec },
          },
        },
      },
    ],
  };
}

const readPod = (pod: Partial<PodSpec["containers"][number]>, spec?: Partial<PodSpec>) =>
  read(deployed(pod, spec), dev);

describe("Kubernetes read", () => {
  it("fills in what the API server and the kubelet would: the reference's defaults", () => {
    const behaviour = readPod({ ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { path: "/h", port: 80 } } });
    expect(behaviour.liveness).to.deep.equal({ path: "/h", port: 80, interval: 10, timeout: 1, failures: 3 });
    expect(behaviour).to.include({
      stopTimeout: 30,
      drain: 0,
      startGrace: 0,
      memoryLimit: Infinity,
      cpuCap: null,
      evictedAtOnce: 3,
    });
    // 25 % of 3: unavailable rounds down to none, surge up to one.
    expect(behaviour.rollout).to.deep.equal([{ count: 3, atLeast: 3, atMost: 4 }]);
    expect(behaviour.reaches).to.deep.equal({ everything: [] });
  });

  const quantities: readonly [text: string, mebibytes: number][] = [
    ["128Mi", 128],
    ["2Gi", 2048],
    ["134217728", 128],
    ["1.5Gi", 1536],
    ["1048576k", 1000],
    ["1e9", 1e9 / 2 ** 20],
    ["128974848000m", 123],
  ];
  for (const [text, mebibytes] of quantities) {
    it(`reads ${text} of memory`, () => {
      expect(readPod({ resources: { limits: { memory: text } } }).memoryLimit).to.be.closeTo(mebibytes, 1e-6);
    });
  }

  it("takes a limit for the request where there is none", () => {
    expect(readPod({ resources: { limits: { cpu: "500m", memory: "1Gi" } } })).to.include({
      cpu: 0.5,
      cpuCap: 0.5,
      memoryGuaranteed: 1024,
    });
  });

  it("expands variables as a kubelet does", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)-$(C)" },
      { name: "C", value: "$$(A)" },
    ];
    expect(readPod({ env }).env).to.deep.equal({ A: "1", B: "1-$(C)", C: "$(A)" });
  });

  it("gives no GPU to what its node's taint keeps away", () => {
    const resources = { limits: { "nvidia.com/gpu": "1" } };
    expect(readPod({ resources }).gpus).to.equal(0);
    expect(readPod({ resources }, { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }] }).gpus).to.equal(1);
  });

  it("finds a port by its name", () => {
    const pod = {
      ports: [{ name: "http", containerPort: 8080 }],
      readinessProbe: { httpGet: { path: "/r", port: "http" } },
    };
    expect(readPod(pod).readiness?.port).to.equal(8080);
  });

  it("reads back any plain value and argument that was compiled", () => {
    const api = workload("api-service", "service");
    const text = fc.string({ unit: fc.constantFrom("$", "(", ")", "A", "_", " ", '"', "\\", "é"), maxLength: 12 });
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (value, command) => {
        const units = valueOf(
          compile(withWorkload({ ...api, command, env: { NODE_ENV: "production", VALUE: value } }), dev),
        ).units;
        const unit = units["api-service"];
        if (!unit) throw new Error("no unit");
        const behaviour = read(unit, dev);
        expect(behaviour.env["VALUE"]).to.equal(value);
        expect(behaviour.command).to.deep.equal(command);
      }),
      { numRuns: 200 },
    );
  });

  it("takes an affinity to itself for being together, and one to others for nothing", () => {
    const inference = workload("ml-inference-service", "service");
    const zonesOf = (replace: (manifests: string) => string) => {
      const unit = JSON.stringify(valueOf(compile(devModel, dev)).units[inference.name]);
      return read(JSON.parse(replace(unit)) as KubernetesUnit, dev).zones;
    };
    expect(zonesOf((text) => text)).to.equal("together");
    const selects = '"labelSelector":{"matchLabels":{"app.kubernetes.io/name":"ml-inference-service"}}';
    expect(zonesOf((text) => text.replaceAll(selects, selects.replace("ml-inference", "api")))).to.equal("any");
    expect(zonesOf((text) => text.replace('"podAffinity"', '"podAntiAffinity"'))).to.equal("any");
  });

  it("refuses manifests without a pod", () => {
    expect(() => read({ manifests: [] }, dev)).to.throw(TypeError, /Deployment/);
  });
});
