/** Image references: the seed's `cryptotracker/api:latest`, by digest where a stack pins them. */
import { placeholder } from "./model/placeholders.ts";
import type { Image, Model, Problem } from "./model/types.ts";
import type { Settings } from "./settings.ts";

/**
 * `<prefix>/<build>:<tag>`, or `<prefix>/<build>@sha256:…` where images are pinned. A stack that builds them itself knows
 * a digest only after that: a placeholder. Somebody else's image is what the catalogue says, by digest always.
 */
export function imageReference(image: Image, { images }: Settings): string {
  if ("reference" in image) return image.reference;
  if (images.build) return placeholder("image", image.build, "reference");
  const repository = `${images.prefix}/${image.build}`;
  const digest = images.digests[image.build];
  return images.pinned && digest !== undefined ? `${repository}@${digest}` : `${repository}:${images.tag}`;
}

/** What the model's own images are built from, each folder once, sorted. */
export function buildsOf(model: Model): readonly string[] {
  return [...new Set(model.workloads.flatMap(({ image }) => ("build" in image ? [image.build] : [])))].sort();
}

/** One problem for each image that a pinning stack has no digest for; what it builds itself is pinned by that. */
export function unpinnedImages(model: Model, { images }: Settings): readonly Problem[] {
  if (!images.pinned || images.build) return [];
  return buildsOf(model)
    .filter((build) => !(build in images.digests))
    .map((build) => ({
      code: "image-not-pinned",
      path: `settings.images.digests.${build}`,
      found: "nothing",
      allowed: "sha256: and 64 hexadecimal digits; the release workflow writes it",
    }));
}
