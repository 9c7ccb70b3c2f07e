/** Image references: the seed's `cryptotracker/api:latest`, by digest where a stack pins them. */
import type { Model, Problem } from "./model/types.ts";
import type { Settings } from "./settings.ts";

/** `<prefix>/<build>:<tag>`, or `<prefix>/<build>@sha256:…` where images are pinned. */
export function imageReference(build: string, { images }: Settings): string {
  const repository = `${images.prefix}/${build}`;
  const digest = images.digests[build];
  return images.pinned && digest !== undefined ? `${repository}@${digest}` : `${repository}:${images.tag}`;
}

/** One problem for each image that a pinning stack has no digest for. */
export function unpinnedImages(model: Model, { images }: Settings): readonly Problem[] {
  if (!images.pinned) return [];
  const builds = [...new Set(model.workloads.map(({ image }) => image.build))];
  return builds
    .filter((build) => !(build in images.digests))
    .map((build) => ({
      code: "image-not-pinned",
      path: `settings.images.digests.${build}`,
      found: "nothing",
      allowed: "sha256: and 64 hexadecimal digits; the release workflow writes it",
    }));
}
