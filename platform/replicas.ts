/** Counts by hand: how many replicas a workload has while traffic and workers move. A state of operation, not the model's. */
import { z } from "zod";
import type { Model, Problem, Workload } from "./model/types.ts";

/** `atLeast`: a floor that scaling stays above. `exactly`: the count, scaling paused. */
export type ByHand = { readonly atLeast: number } | { readonly exactly: number };

const SHAPE = "{ atLeast: n } or { exactly: n }";
export const replicas = z.record(
  z.string(),
  z.union([z.strictObject({ atLeast: z.int().positive() }), z.strictObject({ exactly: z.int().nonnegative() })], SHAPE),
);

/** Counts for what does not run for good, and counts that scaling could not reach. */
export function replicaProblems(model: Model, given: Readonly<Record<string, ByHand>>): readonly Problem[] {
  const lasting = model.workloads.filter(({ kind }) => kind !== "job");
  return Object.entries(given).flatMap(([name, byHand]) => {
    const path = `settings.replicas.${name}`;
    const workload = lasting.find((each) => each.name === name);
    if (!workload) {
      const allowed = `one of ${lasting.map((each) => each.name).join(", ")}`;
      return [{ code: "unknown-service", path, found: JSON.stringify(name), allowed }];
    }
    const { min, max } = rangeOf(workload, byHand);
    const count = "exactly" in byHand ? byHand.exactly : byHand.atLeast;
    if (count >= min && count <= max) return [];
    return [{ code: "replicas-range", path, found: String(count), allowed: `${min} to ${max}` }];
  });
}

/** What answers users stays; a consumer may stop, for the other side's goes on in the same group. */
function rangeOf(workload: Workload, byHand: ByHand): { readonly min: number; readonly max: number } {
  const max = workload.kind !== "job" && "max" in workload.scaling ? workload.scaling.max : 1;
  return { min: "exactly" in byHand && workload.kind === "worker" ? 0 : 1, max };
}
