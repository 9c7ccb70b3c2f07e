/** A reading as the behaviour that rules of losses judge: what the files leave open has a value that no rule looks at. */
import type { Behaviour } from "../../platform/model/behaviour.ts";
import type { Reading, Seen, WorkloadBehaviour } from "./seen.ts";

const OPEN: Behaviour = {
  name: "",
  kind: "longRunning",
  image: "",
  command: null,
  cpu: 0,
  cpuCap: null,
  memoryGuaranteed: 0,
  memoryLimit: 0,
  ephemeral: null,
  sharedMemory: null,
  gpus: 0,
  architecture: "x86_64",
  ports: [],
  env: {},
  secrets: {},
  liveness: null,
  readiness: null,
  startGrace: 0,
  drain: 0,
  stopTimeout: 0,
  whenUnhealthy: null,
  initialCount: null,
  scaling: null,
  rollout: [],
  rollsBack: false,
  evictedAtOnce: null,
  job: null,
  identity: null,
  accepts: {},
  reaches: {},
  routes: [],
  pool: "",
  gpuModel: null,
  purchase: "onDemand",
  zones: "any",
  user: 0,
  readOnlyRoot: false,
  privileged: false,
  capabilities: [],
  writablePaths: [],
  logs: null,
};

/** @param rollout in place of the reading's own, for the counts that both sides can reach */
export function behaviourOf({ main, whole }: Reading, rollout?: Behaviour["rollout"]): Behaviour {
  return { ...OPEN, ...toldOf(main.seen), ...toldOf(whole), ...(rollout ? { rollout } : {}) };
}

function toldOf(seen: Partial<Seen<Behaviour>> | Seen<WorkloadBehaviour>): Partial<Behaviour> {
  const values = Object.entries(seen).flatMap(([field, each]) =>
    "value" in each ? [[field, each.value] as const] : [],
  );
  return Object.fromEntries(values);
}
