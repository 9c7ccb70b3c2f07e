import { expect } from "chai";
import { wire } from "../../../platform/model/wiring.ts";
import { devModel, workload } from "../../support/stacks.ts";

const urlOf = ({ name, port }: { name: string; port: number }): string => `http://${name}:${port}`;

describe("wire", () => {
  it("tells the API what the seed tells it", () => {
    const { env, secrets } = wire(workload("api-service", "service"), devModel, urlOf);
    expect(env).to.include({ NODE_ENV: "production", PORT: "3001" });
    expect(secrets).to.deep.equal({
      DATABASE_URL: { secret: "database-url", key: "url" },
      REDIS_URL: { secret: "redis-url", key: "url" },
    });
  });

  it("names a topic, its brokers and the consumer group", () => {
    const { env } = wire(workload("data-ingestion-service", "worker"), devModel, urlOf);
    expect(env).to.include({
      PRICES_TOPIC: "prices",
      PRICES_GROUP: "prices-writer",
      DEAD_LETTER_TOPIC: "dead-letters",
      KAFKA_BROKERS: "${store.kafka.brokers}",
      KAFKA_SECURITY: "${store.kafka.security}",
    });
  });

  it("gives a prefix where each replica is a group of its own", () => {
    const { env } = wire(workload("websocket-service", "service"), devModel, urlOf);
    expect(env).to.include({ PRICES_GROUP_PREFIX: "websocket-service" }).and.to.not.have.property("PRICES_GROUP");
  });

  it("generates the URL of a callee, names of queues and buckets", () => {
    expect(wire(workload("sentiment-processor", "worker"), devModel, urlOf).env).to.include({
      INFERENCE_URL: "http://ml-inference-service:8000",
    });
    expect(wire(workload("ml-inference-service", "service"), devModel, urlOf).env).to.include({
      ML_REQUESTS_QUEUE_URL: "${queue.ml-requests.url}",
    });
    expect(wire(workload("model-training", "job"), devModel, urlOf).env).to.include({
      MODELS_BUCKET: "${bucket.models.name}",
      JOB_DEADLINE_SECONDS: "14400",
    });
  });

  it("says where telemetry goes, under the name that OpenTelemetry's SDKs read, to all but jobs and the collector", () => {
    for (const each of devModel.workloads) {
      const { env } = wire(each, devModel, urlOf);
      const told = each.kind !== "job" && each.name !== "telemetry-collector";
      expect(env["OTEL_EXPORTER_OTLP_ENDPOINT"], each.name).to.equal(
        told ? "http://telemetry-collector:4318" : undefined,
      );
    }
  });

  it("reads a secret by the key it keeps its value under", () => {
    expect(wire(workload("auth-service", "service"), devModel, urlOf).secrets).to.deep.include({
      JWT_SIGNING_SECRET: { secret: "jwt-signing", key: "key" },
    });
  });

  it("sorts its names", () => {
    for (const each of devModel.workloads) {
      const names = Object.keys(wire(each, devModel, urlOf).env);
      expect(names).to.deep.equal([...names].sort());
    }
  });
});
