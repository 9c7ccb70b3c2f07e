import { expect } from "chai";
import type { Settings } from "../../../platform/settings.ts";
import { ADD_ON_VERSIONS, addOnProblems, addOnVersion } from "../../../targets/eks/add-ons.ts";
import { chartValues } from "../../../targets/eks/chart-values.ts";
import { AUTOSCALER_IMAGES, charts, PODS, type ChartName } from "../../../targets/eks/charts.ts";
import { containerLogs, ownLogGroups } from "../../../targets/eks/container-logs.ts";
import { VERSIONS } from "../../../targets/eks/versions.ts";
import { dev } from "../../support/stacks.ts";

const CLUSTER = "cryptotracker-dev";
const values = (name: ChartName, settings: Settings = dev): Readonly<Record<string, unknown>> =>
  chartValues(name, { clusterName: CLUSTER, vpcId: "vpc-1", settings });

describe("add-on versions", () => {
  it("are there for every Kubernetes version that a cluster may have, and kube-proxy's follows it", () => {
    for (const { version } of VERSIONS) {
      expect(ADD_ON_VERSIONS[version]?.["kube-proxy"], version).to.match(new RegExp(`^v${version}\\.\\d+-eksbuild`));
      const settings = { ...dev, eks: { ...dev.eks, version } };
      expect(addOnVersion("coredns", settings)).to.match(/-eksbuild\.\d+$/);
    }
  });

  it("are the stack's own where it names one, and refused for an add-on that nobody installs", () => {
    const settings = {
      ...dev,
      eks: { ...dev.eks, addOns: { coredns: "v9.9.9-eksbuild.9", corends: "v1.0.0-eksbuild.1" } },
    };
    expect(addOnVersion("coredns", settings)).to.equal("v9.9.9-eksbuild.9");
    expect(addOnVersion("vpc-cni", settings)).to.equal(addOnVersion("vpc-cni", dev));
    const [problem, ...others] = addOnProblems(settings);
    expect(others).to.deep.equal([]);
    expect(problem).to.include({ code: "unknown-add-on", path: "settings.eks.addOns.corends" });
    expect(problem?.allowed).to.contain("coredns");
    expect(addOnProblems(dev)).to.deep.equal([]);
  });
});

describe("charts", () => {
  it("are told region and VPC, which a pod cannot ask its machine for", () => {
    expect(values("aws-load-balancer-controller")).to.include({
      clusterName: CLUSTER,
      region: dev.region,
      vpcId: "vpc-1",
    });
    expect(values("cluster-autoscaler")).to.include({ awsRegion: dev.region });
  });

  it("reserve for every pod what the node groups' sizes count with", () => {
    const reserved = charts(true).flatMap(({ name }) => requestsIn(values(name)));
    for (const [name, { milliCpu, memory }] of Object.entries(PODS)) {
      expect(reserved, name).to.deep.include({ cpu: `${milliCpu}m`, memory: `${memory}Mi` });
    }
    expect(reserved).to.have.length(Object.keys(PODS).length + 1);
  });

  it("run their webhooks twice, and let a drain take one of them at a time", () => {
    expect(PODS["aws-load-balancer-controller"].replicas).to.equal(2);
    expect(values("aws-load-balancer-controller")).to.deep.include({ podDisruptionBudget: { maxUnavailable: 1 } });
    expect(values("external-secrets")["webhook"]).to.deep.include({
      replicaCount: 2,
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
    });
    expect(values("keda")["podDisruptionBudget"]).to.have.all.keys("operator", "metricServer", "webhooks");
  });

  it("start no pod of a routed service without its readiness gate", () => {
    expect(values("aws-load-balancer-controller")).to.deep.include({
      podMutatorWebhookConfig: { failurePolicy: "Fail" },
    });
  });

  it("let the autoscaler take a node whose pods have nothing but scratch space on it", () => {
    expect(values("cluster-autoscaler")["extraArgs"]).to.include({ "skip-nodes-with-local-storage": false });
  });

  it("bring an autoscaler of the cluster's own minor version", () => {
    for (const { version } of VERSIONS) {
      const image = values("cluster-autoscaler", { ...dev, eks: { ...dev.eks, version } })["image"];
      expect(image).to.deep.equal({ tag: AUTOSCALER_IMAGES[version] });
      expect(AUTOSCALER_IMAGES[version]).to.match(new RegExp(`^v${version}\\.`));
    }
  });

  it("restart for a new secret by annotation, in the platform's namespace alone", () => {
    expect(values("reloader")["reloader"]).to.include({
      reloadStrategy: "annotations",
      namespaceSelector: `kubernetes.io/metadata.name=${dev.namespace}`,
    });
  });

  it("admit privileged pods only in the device plugin's namespace, which is there only with GPUs", () => {
    expect(charts(true).flatMap(({ name, podSecurity }) => (podSecurity === "privileged" ? [name] : []))).to.deep.equal(
      ["nvidia-device-plugin"],
    );
    expect(charts(false).map(({ podSecurity }) => podSecurity)).not.to.include("privileged");
  });
});

describe("container logs", () => {
  it("go to the pod's group as they were written, and to one that exists where a pod names none", () => {
    const { containerLogs: told } = containerLogs(CLUSTER, "$kubernetes['annotations']['a/b']");
    const file = told.fluentBit.config.extraFiles["application-log.conf"];
    const output = Object.fromEntries(
      (file.split("[OUTPUT]\n")[1] ?? "").split("\n").map((line) => line.trim().split(/ (.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    expect(output).to.include({
      log_group_template: "$kubernetes['annotations']['a/b']",
      log_key: "log",
      auto_create_group: "false",
    });
    expect(ownLogGroups(CLUSTER)).to.include(output["log_group_name"]);
    // The add-on renders the file as a template of its own.
    expect(file).not.to.contain("{{");
    expect(file).to.match(/Name kubernetes\n(?:.*\n)*? {2}Annotations On\n/);
  });
});

/** Every `requests` inside, wherever a chart wants it. */
function requestsIn(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === "requests" ? [each as unknown] : requestsIn(each)));
}
