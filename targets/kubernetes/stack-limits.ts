/** What a stack whose target is a plain cluster may not lack or ask for. Stacks of other targets only compile this form. */
import type { Model, Problem } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { bucketClients, queueClients } from "./stores/clients.ts";
import { isPinned, storeImage, type StoreKind } from "./stores/images.ts";
import { OBJECTS, QUEUES } from "./stores/names.ts";

export function stackLimits(model: Model, settings: Settings): readonly Problem[] {
  if (settings.target !== "kubernetes") return [];
  return [...names(model, settings), ...images(model, settings), ...edge(settings)];
}

/** By the store's name, what it runs as. */
function storeKinds(model: Model): ReadonlyMap<string, StoreKind> {
  return new Map<string, StoreKind>([
    ...model.stores.map(({ name, kind }) => [name, kind] as const),
    ...(queueClients(model).length > 0 ? [[QUEUES, "queues"] as const] : []),
    ...(bucketClients(model).length > 0 ? [[OBJECTS, "objects"] as const] : []),
  ]);
}

/** A model's own store cannot be called as one of ours is, and a setting cannot be about one that is not there. */
function names(model: Model, { kubernetes }: Settings): readonly Problem[] {
  const taken = model.stores.filter(({ name }) => name === QUEUES || name === OBJECTS);
  const known = [...storeKinds(model).keys()];
  return [
    ...taken.map(({ name }) => ({
      code: "store-name",
      path: `stores.${name}.name`,
      found: JSON.stringify(name),
      allowed: `any but ${QUEUES} and ${OBJECTS}, which stand in for SQS and S3`,
    })),
    ...Object.keys(kubernetes.images)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        code: "unknown-store",
        path: `settings.kubernetes.images.${name}`,
        found: JSON.stringify(name),
        allowed: `one of ${known.join(", ")}`,
      })),
  ];
}

function images(model: Model, settings: Settings): readonly Problem[] {
  const { build, pinned, digests } = settings.images;
  const problems: Problem[] = [];
  if (build) {
    problems.push({
      code: "images-not-built",
      path: "settings.images.build",
      found: "true",
      allowed: "false: a cluster has no registry of ours; build and push them, and say where in settings.images.prefix",
    });
  }
  if (!pinned) return problems;
  for (const { build: site } of model.sites) {
    if (site in digests) continue;
    problems.push({
      code: "image-not-pinned",
      path: `settings.images.digests.${site}`,
      found: "nothing",
      allowed: "sha256: and 64 hexadecimal digits; the release workflow writes it",
    });
  }
  for (const [name, kind] of storeKinds(model)) {
    const { reference } = storeImage(kind, name, settings);
    if (isPinned(reference)) continue;
    problems.push({
      code: "image-not-pinned",
      path: `settings.kubernetes.images.${name}`,
      found: reference,
      allowed: "the same with @sha256: and 64 hexadecimal digits",
    });
  }
  return problems;
}

/** Users' requests are encrypted in prod, by a certificate that the cluster's owner has put there. */
function edge({ profile, kubernetes: { domain, tlsSecret } }: Settings): readonly Problem[] {
  const missing = (name: string, allowed: string): Problem => ({
    code: "certificate-missing",
    path: `settings.kubernetes.${name}`,
    found: "nothing",
    allowed,
  });
  const wanted = profile === "prod" || tlsSecret !== undefined;
  return [
    ...(wanted && domain === undefined ? [missing("domain", "the name that the certificate is for")] : []),
    ...(profile === "prod" && tlsSecret === undefined
      ? [missing("tlsSecret", "the Secret that holds the domain's certificate: prod speaks HTTPS only")]
      : []),
  ];
}
