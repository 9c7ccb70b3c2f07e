/** What is wrong with a model in the light of its stack's settings, whatever the target. */
import { unpinnedImages } from "./images.ts";
import type { Model, Problem } from "./model/types.ts";
import { validate } from "./model/validate.ts";
import type { Settings } from "./settings.ts";

/** Every problem at once: the model's own, images without a digest, counts for workloads that do not exist. */
export function check(model: Model, settings: Settings): readonly Problem[] {
  return [...validate(model), ...unpinnedImages(model, settings), ...strangeCounts(model, settings)];
}

function strangeCounts(model: Model, settings: Settings): readonly Problem[] {
  const scaled = model.workloads.filter((workload) => workload.kind !== "job" && "min" in workload.scaling);
  const names = scaled.map(({ name }) => name);
  return Object.keys(settings.scaling)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      code: "unknown-service",
      path: `settings.scaling.${name}`,
      found: JSON.stringify(name),
      allowed: `one of ${names.join(", ")}`,
    }));
}
