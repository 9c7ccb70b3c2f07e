/** The stores that a plain cluster brings itself: who may come to them, what they keep, how they are held. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { compile } from "../../../targets/kubernetes/compile.ts";
import type { ClusterManifest, Kind, PodSpec } from "../../../targets/kubernetes/forms.ts";
import { dev, devModel, prod, valueOf } from "../../support/stacks.ts";

type Of<K extends Kind> = Extract<ClusterManifest, { kind: K }>;

const DATA = "cryptotracker-data";
const STORES = ["database", "kafka", "objects", "queues", "redis"];

function inData(settings: Settings, model: Model = cryptotracker(settings)): readonly ClusterManifest[] {
  const { shared } = valueOf(compile(model, settings));
  return shared.manifests.filter(({ metadata }) => metadata?.namespace === DATA);
}

function all<K extends Kind>(kind: K, manifests: readonly ClusterManifest[]): readonly Of<K>[] {
  return manifests.filter((each): each is Of<K> => each.kind === kind);
}

function named<K extends Kind>(kind: K, name: string, manifests: readonly ClusterManifest[]): Of<K> {
  const found = all(kind, manifests).find(({ metadata }) => metadata?.name === name);
  if (!found) throw new Error(`There is no ${kind} ${name}`);
  return found;
}

function podsOf(manifests: readonly ClusterManifest[]): readonly (readonly [string, PodSpec])[] {
  return [...all("StatefulSet", manifests), ...all("Job", manifests)].flatMap(({ metadata, spec }) =>
    spec?.template.spec ? [[metadata?.name ?? "", spec.template.spec] as const] : [],
  );
}

/** Workloads that a binding of these kinds leads there, as the model says it. */
function bound(leads: (to: { readonly kind: string; readonly name: string }) => boolean): readonly string[] {
  return devModel.workloads.filter(({ uses }) => uses.some(({ to }) => leads(to))).map(({ name }) => name);
}

describe("stores of a plain cluster", () => {
  const manifests = inData(dev);

  it("are those of the model, and what stands in for SQS and S3", () => {
    expect(all("StatefulSet", manifests).map(({ metadata }) => metadata?.name)).to.have.members(STORES);
  });

  it("have no queues and no buckets where no workload uses one", () => {
    const phaseOne = inData({ ...dev, ml: false });
    expect(all("StatefulSet", phaseOne).map(({ metadata }) => metadata?.name)).to.have.members([
      "database",
      "kafka",
      "redis",
    ]);
  });

  const clients: Readonly<Record<string, readonly string[]>> = {
    database: bound(({ name }) => name === "database"),
    redis: bound(({ name }) => name === "redis"),
    kafka: bound(({ kind }) => kind === "topic"),
    queues: bound(({ kind }) => kind === "queue"),
    objects: bound(({ kind }) => kind === "bucket"),
  };
  for (const store of STORES) {
    it(`admit to ${store} the workloads whose bindings name it, and nobody else`, () => {
      const { podSelector, ingress = [] } = named("NetworkPolicy", store, manifests).spec ?? { podSelector: {} };
      expect(podSelector.matchLabels).to.deep.equal({ "app.kubernetes.io/name": store });
      const [{ from = [], ports } = {}, ...others] = ingress;
      const port = named("Service", store, manifests).spec?.ports?.[0]?.port;
      expect(ports).to.deep.equal([{ protocol: "TCP", port }]);
      const own = from.filter(({ namespaceSelector }) => namespaceSelector);
      for (const { namespaceSelector } of own)
        expect(namespaceSelector?.matchLabels).to.deep.equal({ "kubernetes.io/metadata.name": "cryptotracker" });
      expect(own.map(({ podSelector: pods }) => pods?.matchLabels?.["app.kubernetes.io/name"])).to.have.members([
        ...(clients[store] ?? []),
      ]);
      const neighbours = from.filter(({ namespaceSelector }) => !namespaceSelector);
      expect(neighbours.map(({ podSelector: pods }) => pods?.matchLabels?.["app.kubernetes.io/name"])).to.deep.equal(
        store === "kafka" ? ["kafka-topics"] : [],
      );
      // Only brokers talk to each other, and only they need anything from elsewhere.
      expect(others).to.have.length(store === "kafka" ? 1 : 0);
      expect(others.flatMap(({ from: peers = [] }) => peers)).to.deep.equal(
        others.map(() => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": store } } })),
      );
    });
  }

  it("let a store without clients be reached by nobody, not by everybody", () => {
    const alone = { ...devModel, workloads: devModel.workloads.filter(({ name }) => name === "migrations") };
    const { spec } = named("NetworkPolicy", "redis", inData(dev, alone));
    expect(spec?.policyTypes).to.deep.equal(["Ingress", "Egress"]);
    expect(spec?.ingress).to.deep.equal([]);
  });

  it("keep their disks when they are deleted or made fewer", () => {
    for (const { metadata, spec } of all("StatefulSet", manifests)) {
      expect(spec?.persistentVolumeClaimRetentionPolicy, metadata?.name).to.deep.equal({
        whenDeleted: "Retain",
        whenScaled: "Retain",
      });
      expect(spec?.volumeClaimTemplates, metadata?.name).to.have.length(1);
    }
  });

  it("meet Pod Security restricted, with a root that nobody can write to", () => {
    const pods = podsOf(manifests);
    expect(pods).to.have.length(STORES.length + 1);
    for (const [name, { securityContext, containers, initContainers = [], volumes = [], ...pod }] of pods) {
      expect(securityContext, name).to.deep.include({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(securityContext?.runAsUser, name).to.be.greaterThan(0);
      expect(pod.automountServiceAccountToken, name).to.equal(false);
      for (const container of [...initContainers, ...containers]) {
        expect(container.securityContext, name).to.deep.equal({
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        const { requests, limits } = container.resources ?? {};
        expect(requests?.["memory"], name).to.be.a("string").and.equal(limits?.["memory"]);
      }
      for (const volume of volumes) expect(volume).to.have.any.keys("emptyDir", "configMap");
    }
  });

  it("hold no secret, only names of Secrets", () => {
    const references = podsOf(manifests).flatMap(([, { containers, initContainers = [] }]) =>
      [...containers, ...initContainers].flatMap(({ env = [] }) =>
        env.flatMap(({ name, value, valueFrom }) =>
          /PASSWORD|SECRET|ACCESS_KEY|AUTH/.test(name) ? [[name, value, valueFrom?.secretKeyRef?.name]] : [],
        ),
      ),
    );
    expect(references).to.have.deep.members([
      ["POSTGRES_PASSWORD", undefined, "database-credentials"],
      ["POSTGRES_PASSWORD", undefined, "database-credentials"],
      ["REDISCLI_AUTH", undefined, "redis-credentials"],
      ["ROOT_ACCESS_KEY", undefined, "objects-credentials"],
      ["ROOT_SECRET_KEY", undefined, "objects-credentials"],
    ]);
    expect(all("ConfigMap", manifests).map(({ metadata }) => metadata?.name)).to.have.members([
      "database",
      "kafka",
      "queues",
      "redis",
    ]);
  });

  it("lose no acknowledged message with any one of prod's brokers", () => {
    const properties = (settings: Settings) => {
      const text = named("ConfigMap", "kafka", inData(settings)).data?.["server.properties"] ?? "";
      return Object.fromEntries(
        text
          .trim()
          .split("\n")
          .map((line) => line.split(/=(.*)/s, 2)),
      ) as Record<string, string>;
    };
    const brokers = (settings: Settings) => named("StatefulSet", "kafka", inData(settings)).spec?.replicas;
    expect([brokers(dev), brokers(prod)]).to.deep.equal([1, 3]);
    expect(properties(dev)).to.include({ "default.replication.factor": "1", "min.insync.replicas": "1" });
    expect(properties(prod)).to.include({
      "default.replication.factor": "3",
      "min.insync.replicas": "2",
      "unclean.leader.election.enable": "false",
      "auto.create.topics.enable": "false",
    });
    expect(properties(prod)["controller.quorum.voters"]?.split(",")).to.deep.equal([
      `0@kafka-0.kafka-pods.${DATA}.svc.cluster.local:9093`,
      `1@kafka-1.kafka-pods.${DATA}.svc.cluster.local:9093`,
      `2@kafka-2.kafka-pods.${DATA}.svc.cluster.local:9093`,
    ]);
  });

  it("make every topic of the model, with its partitions and its retention", () => {
    const [container] = named("Job", "kafka-topics", manifests).spec?.template.spec?.containers ?? [];
    const made = [...(container?.args?.[0] ?? "").matchAll(/^topic (\S+) (\d+) (\d+)$/gm)].map(
      ([, name, partitions, retention]) => [name, Number(partitions), Number(retention) / 3_600_000],
    );
    expect(made).to.deep.equal(devModel.topics.map((each) => [each.name, each.partitions, each.retentionHours]));
  });

  it("make every queue of the model, with its dead letters", () => {
    const text = named("ConfigMap", "queues", manifests).data?.["elasticmq.conf"] ?? "";
    const { queues } = JSON.parse(`{${text.slice(text.indexOf("\n"))}}`) as { queues: Record<string, object> };
    expect(queues).to.deep.equal({
      "ml-requests": {
        defaultVisibilityTimeout: "120 seconds",
        deadLettersQueue: { name: "ml-requests-dead", maxReceiveCount: 5 },
      },
      "ml-requests-dead": {},
      "ml-results": {
        defaultVisibilityTimeout: "60 seconds",
        deadLettersQueue: { name: "ml-results-dead", maxReceiveCount: 5 },
      },
      "ml-results-dead": {},
    });
  });

  it("make the buckets that somebody uses", () => {
    const [folders] = named("StatefulSet", "objects", manifests).spec?.template.spec?.initContainers ?? [];
    expect(folders?.command?.slice(2)).to.deep.equal([
      "/data/buckets/cryptotracker_datasets",
      "/data/buckets/cryptotracker_models",
    ]);
  });

  it("start anew when their settings change, and only then", () => {
    const annotations = (settings: Settings) =>
      named("StatefulSet", "redis", inData(settings)).spec?.template.metadata?.annotations;
    expect(annotations(dev)).to.deep.equal(annotations({ ...dev, region: "eu-west-1" }));
    expect(annotations(dev)).not.to.deep.equal(annotations(prod));
  });

  it("take a stack's own image and kind of disk", () => {
    const reference = `registry.example.org/valkey@sha256:${"a".repeat(64)}`;
    const kubernetes = { ...dev.kubernetes, storageClass: "fast", images: { redis: reference } };
    const { spec } = named("StatefulSet", "redis", inData({ ...dev, kubernetes }));
    expect(spec?.template.spec?.containers[0]?.image).to.equal(reference);
    expect(spec?.volumeClaimTemplates?.[0]?.spec?.storageClassName).to.equal("fast");
  });
});
