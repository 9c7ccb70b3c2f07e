/** KEDA in the autoscaler's place, and what EKS refuses before any of it is created. */
import { expect } from "chai";
import { compile } from "../../../targets/eks/compile.ts";
import { read } from "../../../targets/eks/read.ts";
import { dev, devModel, problemsOf, valueOf, withWorkload, workload } from "../../support/stacks.ts";
import { manifestOf, shared, sharedManifest, unitOf } from "./fixtures.ts";

const sentiment = workload("sentiment-processor", "worker");
const training = workload("model-training", "job");
const fromQueue = {
  ...training,
  trigger: { queue: { kind: "queue" as const, name: "ml-requests" }, maxParallel: 4 },
};

function unitFromQueue() {
  const unit = valueOf(compile(withWorkload(fromQueue), dev)).units["model-training"];
  if (!unit) throw new Error("no unit");
  return unit;
}

describe("EKS scaling", () => {
  it("scales on lag by KEDA alone, with CPU and memory as triggers inside", () => {
    const kinds = unitOf("sentiment-processor").manifests.map(({ kind }) => kind);
    expect(kinds).to.include("ScaledObject").and.not.include("HorizontalPodAutoscaler");
    const { spec } = manifestOf("sentiment-processor", "ScaledObject");
    expect([spec.minReplicaCount, spec.maxReplicaCount]).to.deep.equal([1, 10]);
    expect(spec.triggers.map(({ type }) => type)).to.deep.equal(["cpu", "memory", "kafka"]);
    expect(spec.triggers[2]?.metadata).to.include({
      consumerGroup: "sentiment",
      topic: "posts.clean",
      sasl: "oauthbearer",
      saslTokenProvider: "aws_msk_iam",
      tls: "enable",
      allowIdleConsumers: "false",
    });
    expect(spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown?.stabilizationWindowSeconds).to.equal(300);
  });

  it("counts a queue's visible messages, as the ECS side does", () => {
    const [, , depth] = manifestOf("ml-inference-service", "ScaledObject").spec.triggers;
    expect(depth).to.deep.equal({
      type: "aws-sqs-queue",
      metricType: "AverageValue",
      metadata: {
        awsRegion: "us-east-1",
        queueLength: "100",
        queueURL: "${queue.ml-requests.url}",
        scaleOnInFlight: "false",
      },
      authenticationRef: { name: "keda-operator" },
    });
  });

  it("keeps the plain autoscaler where nothing but CPU and memory counts", () => {
    const kinds = unitOf("api-service").manifests.map(({ kind }) => kind);
    expect(kinds).to.include("HorizontalPodAutoscaler").and.not.include("ScaledObject");
  });

  it("lets KEDA's operator measure backlogs and read no message", () => {
    expect(sharedManifest("TriggerAuthentication").spec).to.deep.equal({ podIdentity: { provider: "aws" } });
    const { association, statements } = shared.operators.keda;
    expect(association).to.include({ namespace: "keda", serviceAccount: "keda-operator" });
    expect(statements.flatMap(({ actions }) => actions)).to.deep.equal([
      "kafka-cluster:Connect",
      "kafka-cluster:DescribeTopic",
      "kafka-cluster:DescribeGroup",
      "sqs:GetQueueAttributes",
    ]);
    expect(statements.flatMap(({ resources }) => resources).filter((arn) => arn.includes("*"))).to.deep.equal([]);
  });

  it("runs a job for each message, so many at once", () => {
    const { spec } = manifestOf("model-training", "ScaledJob", unitFromQueue());
    expect(spec).to.deep.include({ maxReplicaCount: 4, scalingStrategy: { strategy: "accurate" } });
    expect(spec.jobTargetRef).to.include({ backoffLimit: 2, activeDeadlineSeconds: 14400, parallelism: 1 });
    expect(spec.triggers[0]?.metadata["queueLength"]).to.equal("1");
    expect(read(unitFromQueue(), dev).job).to.deep.equal({
      trigger: "queue:ml-requests",
      attempts: 3,
      deadline: 14400,
      maxParallel: 4,
    });
  });

  it("refuses more replicas than a topic has partitions, with both figures", () => {
    const changed = { ...sentiment, scaling: { ...sentiment.scaling, min: 1, desired: 1, max: 13 } };
    expect(problemsOf(compile(withWorkload(changed), dev))).to.deep.equal([
      {
        code: "replicas-above-partitions",
        path: "services.sentiment-processor.scaling.max",
        found: "13 replicas",
        allowed: "at most 12: posts.clean has 12 partitions, and a replica more reads nothing",
      },
    ]);
  });

  it("refuses a name too long for a target group, and checks that one cannot make, all at once", () => {
    const api = workload("api-service", "service");
    const { ready } = api.probes;
    const changed = {
      ...api,
      slug: "a".repeat(15),
      probes: { ...api.probes, ready: { ...ready, timeout: 1, failures: 1 } },
      shutdown: { ...api.shutdown, drain: 3601 },
    };
    expect(problemsOf(compile(withWorkload(changed), dev)).map(({ code, path }) => [code, path])).to.deep.equal([
      ["slug-too-long", "services.api-service.slug"],
      ["target-group-range", "services.api-service.probes.ready.timeout"],
      ["target-group-range", "services.api-service.probes.ready.failures"],
      ["target-group-range", "services.api-service.shutdown.drain"],
    ]);
  });

  it("refuses a name that a CronJob cannot carry", () => {
    const named = { ...training, name: "a".repeat(53) };
    const model = { ...devModel, workloads: devModel.workloads.map((each) => (each === training ? named : each)) };
    expect(problemsOf(compile(model, dev)).map(({ code }) => code)).to.deep.equal(["cron-job-name"]);
  });
});
