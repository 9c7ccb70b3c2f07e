/** What is wrong with a model in the light of its stack's settings, whatever the target. */
import { unpinnedImages } from "./images.ts";
import type { Model, Problem } from "./model/types.ts";
import { validate } from "./model/validate.ts";
import type { Settings } from "./settings.ts";

/** Every problem at once: the model's own, images without a digest, counts for workloads that do not exist. */
export function check(model: Model, settings: Settings): readonly Problem[] {
  return [
    ...validate(model),
    ...unpinnedImages(model, settings),
    ...strangeCounts(model, settings),
    ...production(settings),
  ];
}

/** What a stack that users depend on may not lack. */
function production({ profile, images, edge }: Settings): readonly Problem[] {
  const problems: Problem[] = [];
  if ((edge.domain === undefined) !== (edge.hostedZoneId === undefined)) {
    problems.push({
      code: "domain-without-zone",
      path: edge.domain === undefined ? "settings.edge.domain" : "settings.edge.hostedZoneId",
      found: "nothing",
      allowed: "both domain and hostedZoneId, or neither",
    });
  }
  if (profile !== "prod") return problems;
  if (!images.pinned) {
    problems.push({
      code: "images-not-pinned",
      path: "settings.images.pinned",
      found: "false",
      allowed: "true in prod",
    });
  }
  if (edge.certificateArn === undefined && edge.domain === undefined) {
    problems.push({
      code: "certificate-missing",
      path: "settings.edge.certificateArn",
      found: "nothing",
      allowed: "a certificate's ARN, or domain and hostedZoneId for one to be made: prod speaks HTTPS only",
    });
  }
  return problems;
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
