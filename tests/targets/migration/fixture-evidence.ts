/** Evidence of a rehearsal that never was: a whole run on a simulated stage. */
import { evidence, type Evidence, type EvidenceMeta } from "../../../targets/migration/evidence.ts";
import { runMigration } from "../../../targets/migration/run.ts";
import { planned } from "./fixtures.ts";
import { simulate, type SimulationOptions } from "./simulated-stage.ts";

export const META: EvidenceMeta = {
  stack: "dev",
  fault: null,
  subscribers: 20,
  losses: [
    {
      ...{ target: "kubernetes", service: "api-service", field: "stopTimeout", code: "grace-from-drain" },
      kind: "approximate",
      because: "The grace period of a pod counts from the start of preStop, so it is drain and stop timeout together.",
    },
    {
      ...{ target: "kubernetes", service: "websocket-service", field: "stopTimeout", code: "grace-from-drain" },
      kind: "approximate",
      because: "The grace period of a pod counts from the start of preStop, so it is drain and stop timeout together.",
    },
    {
      ...{ target: "kubernetes", service: "model-training", field: "ulimits", code: "no-ulimits" },
      kind: "dropped",
      because: "Pods have no field for ulimits; the node's defaults apply.",
    },
  ],
  versions: { node: "24.21.0", platform: "0.1.0" },
  rerun: "npm run rehearse -- --stack dev --from ecs --to kubernetes",
};

export async function simulatedEvidence(
  options: Partial<SimulationOptions> = {},
  meta: Partial<EvidenceMeta> = {},
): Promise<Evidence> {
  const stage = simulate({ from: "ecs", to: "kubernetes", ...options });
  const outcome = await runMigration(planned(), stage, { signal: new AbortController().signal, now: stage.now });
  return evidence(outcome, stage, { ...META, ...meta });
}
