import { expect } from "chai";
import { check } from "../../platform/check.ts";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev, devModel, prod, workload } from "../support/stacks.ts";

describe("the catalogue", () => {
  it("has every workload, site and store that the seed names", () => {
    expect(devModel.workloads.map(({ name }) => name)).to.have.members([
      "api-service",
      "websocket-service",
      "auth-service",
      "notification-service",
      "data-ingestion-service",
      "preprocessing-service",
      "sentiment-processor",
      "alert-service",
      "ml-inference-service",
      "model-training",
      "migrations",
      "telemetry-collector",
    ]);
    expect(devModel.sites.map(({ name }) => name)).to.deep.equal(["web"]);
    expect(devModel.stores.map(({ kind }) => kind)).to.have.members(["postgres", "redis", "kafka"]);
  });

  /** The seed's service structure, transcribed. */
  const seed = [
    { name: "api-service", kind: "service", cpu: 1024, memory: 2048, desired: 3, min: 2, max: 20, target: 70 },
    { name: "sentiment-processor", kind: "worker", cpu: 4096, memory: 8192, desired: 2, min: 1, max: 10, target: 80 },
    { name: "websocket-service", kind: "service", cpu: 512, memory: 1024, desired: 3, min: 2, max: 15, target: 75 },
  ] as const;
  for (const { name, kind, cpu, memory, desired, min, max, target } of seed) {
    it(`gives ${name} the seed's figures`, () => {
      const { compute, scaling } = workload(name, kind);
      expect(compute).to.include({ cpu, memory });
      expect(scaling).to.deep.include({ desired, min, max, out: 60, in: 300 });
      expect("on" in scaling && scaling.on)
        .to.deep.include({ cpu: target })
        .and.to.deep.include({ memory: 80 });
    });
  }

  it("checks the API as the seed does", () => {
    const { port, probes } = workload("api-service", "service");
    expect(port.number).to.equal(3001);
    expect(probes.live).to.deep.equal({ path: "/health", interval: 30, timeout: 5, failures: 3 });
  });

  it("leaves the GPU to phase 2", () => {
    const phaseOne = cryptotracker({ ...dev, ml: false });
    expect(phaseOne.workloads.filter(({ compute }) => compute.on.pool === "gpu")).to.deep.equal([]);
    expect(check(phaseOne, dev)).to.deep.equal([]);
  });

  it("trains on spot with a GPU and keeps its place", () => {
    expect(workload("model-training", "job")).to.deep.include({
      interruptible: true,
      checkpoint: { kind: "bucket", name: "models" },
    });
    expect(workload("model-training", "job").compute).to.deep.include({ purchase: "spot" });
  });

  it("takes other counts from a stack's settings, and refuses them for what does not exist", () => {
    expect(workload("api-service", "service", cryptotracker(prod)).scaling).to.include({ min: 3, desired: 6, max: 20 });
    const strange = { ...dev, scaling: { "data-ingestion-service": { min: 1, desired: 1, max: 1 } } };
    expect(check(cryptotracker(strange), strange).map(({ path }) => path)).to.deep.equal([
      "settings.scaling.data-ingestion-service",
    ]);
  });

  it("refuses a pinned stack in which an image has no digest", () => {
    const digests = Object.fromEntries(Object.entries(prod.images.digests).filter(([build]) => build !== "api"));
    const unpinned = { ...prod, images: { ...prod.images, digests } };
    expect(check(cryptotracker(unpinned), unpinned).map(({ code, path }) => [code, path])).to.deep.equal([
      ["image-not-pinned", "settings.images.digests.api"],
    ]);
  });
});
