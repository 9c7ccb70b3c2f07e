/** Phase 2 of the seed: what needs a GPU. */
import type { Hardware, Workload } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { autoscaling, bucket, NODE, probes, queue } from "./defaults.ts";

export function machineLearning({ gpu }: Settings): readonly Workload[] {
  const oneGpu: Hardware = { pool: "gpu", gpus: 1, gpu, sharedMemory: 2048, ephemeral: 50 };
  return [
    {
      kind: "service",
      name: "ml-inference-service",
      slug: "ml-inference",
      image: { build: "ml-inference" },
      // Leaves a g5.xlarge (4 vCPU, 16 GiB) room for its system and agents; on a p4d it is a small tenant.
      compute: { cpu: 3072, cpuCap: "burst", memory: 12288, on: oneGpu, purchase: "onDemand", architecture: "x86_64" },
      port: { number: 8000, protocol: "http" },
      env: NODE,
      uses: [
        { as: "MODELS", to: bucket("models"), access: "read" },
        { as: "ML_REQUESTS", to: queue("ml-requests"), access: "receive" },
        { as: "ML_RESULTS", to: queue("ml-results"), access: "send" },
      ],
      // Loading a model onto the device takes minutes.
      probes: probes(240),
      scaling: autoscaling({ min: 1, desired: 1, max: 3 }, 70, { depth: queue("ml-requests"), perReplica: 100 }),
      // A node with one GPU has no room for a second replica.
      rollout: { strategy: "replaceOneByOne" },
      shutdown: { drain: 30, stopTimeout: 60 },
      slo: { availability: 99.5, p99Milliseconds: 1000 },
      // Its machines stand in one zone anyway, for the network between them.
      zones: "together",
      interruptible: false,
    },
    {
      kind: "job",
      name: "model-training",
      slug: "model-training",
      image: { build: "model-training" },
      compute: { cpu: 3072, cpuCap: "burst", memory: 12288, on: oneGpu, purchase: "spot", architecture: "x86_64" },
      env: NODE,
      uses: [
        { as: "DATASETS", to: bucket("datasets"), access: "read" },
        { as: "MODELS", to: bucket("models"), access: "readwrite" },
      ],
      trigger: { schedule: "0 3 * * *" },
      attempts: 3,
      deadline: 4 * 3600,
      checkpoint: bucket("models"),
      // Spot's notice is two minutes.
      shutdown: { drain: 0, stopTimeout: 110 },
      interruptible: true,
    },
  ];
}
