import { join } from "node:path";
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { compile } from "../../../targets/eks/compile.ts";
import { expectGolden } from "../../support/golden.ts";
import { dev, devModel, prod, valueOf } from "../../support/stacks.ts";
import { manifestOf, podOf, shared, sharedManifest, units } from "./fixtures.ts";

const GOLDEN = join(import.meta.dirname, "golden");

/** One that faces users, one that scales on lag, one that starts on spot by schedule: all that EKS adds is in them. */
const REPRESENTATIVE = ["api-service", "sentiment-processor", "model-training"] as const;

describe("EKS compile", () => {
  it("has a unit for each workload and nothing else, sorted", () => {
    expect(Object.keys(units)).to.deep.equal(devModel.workloads.map(({ name }) => name).sort());
  });

  it("compiles to the same bytes twice", () => {
    expect(JSON.stringify(valueOf(compile(cryptotracker(dev), dev)))).to.equal(JSON.stringify({ units, shared }));
  });

  for (const name of REPRESENTATIVE) {
    it(`keeps ${name} as it was reviewed`, () => expectGolden(join(GOLDEN, `${name}.yaml`), units[name]));
  }
  it("keeps what they share as it was reviewed", () => expectGolden(join(GOLDEN, "_shared.yaml"), shared));

  it("compiles prod too", () => {
    expect(Object.keys(valueOf(compile(cryptotracker(prod), prod)).units)).to.have.length(devModel.workloads.length);
  });

  it("binds the pods to a target group of its own, in an Ingress' place", () => {
    for (const service of ["api-service", "websocket-service", "auth-service"]) {
      const { manifests, targetGroup } = units[service] ?? {};
      expect(
        manifests?.map(({ kind }) => kind),
        service,
      )
        .to.include("TargetGroupBinding")
        .and.not.include("Ingress");
      expect(targetGroup?.name, service).to.match(/^cryptotracker-[a-z-]+-eks$/);
      expect(manifestOf(service, "TargetGroupBinding").spec, service).to.deep.equal({
        serviceRef: { name: service, port: "http" },
        targetGroupARN: `\${targetGroup.${service}.arn}`,
        targetType: "ip",
      });
    }
    expect(units["alert-service"]).to.not.have.property("targetGroup");
  });

  it("lets a pod be ready only when its target is", () => {
    expect(sharedManifest("Namespace").metadata?.labels).to.include({
      "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });

  it("keeps what the plain form does for security in every pod", () => {
    for (const { name } of devModel.workloads) {
      const { securityContext, container, automountServiceAccountToken } = podOf(name);
      expect(securityContext, name).to.include({ runAsNonRoot: true, runAsUser: 10001 });
      expect(container.securityContext, name).to.deep.include({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(automountServiceAccountToken, name).to.equal(false);
    }
  });

  it("sends a pod's log to the group of the ECS side", () => {
    const { annotations } = manifestOf("api-service", "Deployment").spec?.template.metadata ?? {};
    expect(annotations).to.deep.equal({ "cryptotracker.internal/log-group": "/ecs/cryptotracker-api" });
    expect(shared.logGroupTemplate).to.equal("$kubernetes['annotations']['cryptotracker.internal/log-group']");
  });

  it("has encrypted disks of both kinds, in the pod's zone, kept when the claim goes", () => {
    for (const name of ["gp3", "io2"]) {
      const found = shared.manifests.find(({ kind, metadata }) => kind === "StorageClass" && metadata?.name === name);
      expect(found, name).to.include({
        provisioner: "ebs.csi.aws.com",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Retain",
      });
      expect(found && "parameters" in found ? found.parameters : {}, name).to.include({
        type: name,
        encrypted: "true",
      });
    }
  });
});
