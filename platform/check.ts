/** What is wrong with a model in the light of its stack's settings, whatever the target. */
import { unpinnedImages } from "./images.ts";
import type { Model, Problem } from "./model/types.ts";
import { validate } from "./model/validate.ts";
import { replicaProblems } from "./replicas.ts";
import type { Settings } from "./settings.ts";

/** Every problem at once: the model's own, images without a digest, counts for workloads that do not exist. */
export function check(model: Model, settings: Settings): readonly Problem[] {
  return [
    ...validate(model),
    ...unpinnedImages(model, settings),
    ...strangeNames(model, settings),
    ...replicaProblems(model, settings.replicas),
    ...pinning(settings),
    ...(settings.target === "kubernetes" ? [] : [...production(settings), ...selfHosting(settings)]),
  ];
}

/** What users depend on is known to the last byte, wherever it runs. */
function pinning({ profile, images }: Settings): readonly Problem[] {
  if (profile !== "prod" || images.pinned) return [];
  return [{ code: "images-not-pinned", path: "settings.images.pinned", found: "false", allowed: "true in prod" }];
}

/** What a stack on AWS that users depend on may not lack. A plain cluster has another edge, and stores of its own. */
function production({ profile, edge, region }: Settings): readonly Problem[] {
  const problems: Problem[] = [];
  if ((edge.domain === undefined) !== (edge.hostedZoneId === undefined)) {
    problems.push({
      code: "domain-without-zone",
      path: edge.domain === undefined ? "settings.edge.domain" : "settings.edge.hostedZoneId",
      found: "nothing",
      allowed: "both domain and hostedZoneId, or neither",
    });
  }
  problems.push(...certificate(edge, region));
  if (profile === "prod" && edge.domain === undefined) {
    problems.push({
      code: "certificate-missing",
      path: "settings.edge.domain",
      found: "nothing",
      allowed: "domain and hostedZoneId, for which a certificate is made or given: prod speaks HTTPS only",
    });
  }
  return problems;
}

/** Clients verify a store of our own by a public certificate, which only a name of the stack's own can have. */
function selfHosting({ stores, edge, machineImages }: Settings): readonly Problem[] {
  if (stores === "managed") return [];
  const problems: Problem[] = [];
  if (edge.domain === undefined || edge.hostedZoneId === undefined) {
    problems.push({
      code: "stores-without-domain",
      path: "settings.edge.domain",
      found: "nothing",
      allowed: "domain and hostedZoneId, for the certificates of self-hosted stores; or stores: managed",
    });
  }
  if (machineImages.standard === undefined) {
    problems.push({
      code: "machine-image-missing",
      path: "settings.machineImages.standard",
      found: "nothing",
      allowed: "an image id, ami-…, for the instances of self-hosted stores; or stores: managed",
    });
  }
  return problems;
}

/** A certificate is one for the stack's own names, and a load balancer takes only one of its region. */
function certificate({ certificateArn, domain }: Settings["edge"], region: string): readonly Problem[] {
  if (certificateArn === undefined) return [];
  const path = "settings.edge.certificateArn";
  const issuedIn = certificateArn.split(":")[3] ?? "";
  return [
    ...(domain === undefined
      ? [
          {
            code: "certificate-without-domain",
            path,
            found: certificateArn,
            allowed: "a certificate beside domain and hostedZoneId: without names nobody could verify it",
          },
        ]
      : []),
    ...(issuedIn === region
      ? []
      : [{ code: "certificate-region", path, found: issuedIn, allowed: `a certificate of ${region}` }]),
  ];
}

/** Settings about a workload that is not there, or that scales by no count. */
function strangeNames(model: Model, settings: Settings): readonly Problem[] {
  const all = model.workloads.map(({ name }) => name);
  const scaled = model.workloads.filter((workload) => workload.kind !== "job" && "min" in workload.scaling);
  return [
    ...unknownIn("compute", Object.keys(settings.compute), all),
    ...unknownIn(
      "scaling",
      Object.keys(settings.scaling),
      scaled.map(({ name }) => name),
    ),
  ];
}

function unknownIn(setting: string, given: readonly string[], known: readonly string[]): readonly Problem[] {
  return given
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: "unknown-service",
      path: `settings.${setting}.${name}`,
      found: JSON.stringify(name),
      allowed: `one of ${known.join(", ")}`,
    }));
}
