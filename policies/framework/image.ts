/** Whether a container image is one and the same at each start. */

export interface ImageRules {
  /** Only a digest will do. */
  readonly digest: boolean;
  /** The tag latest will do. */
  readonly latest: boolean;
}

/** What would do instead; null when it is in order. */
export function imageProblem(image: string | undefined, { digest, latest }: ImageRules): string | null {
  if (image !== undefined && /@sha256:[0-9a-f]{64}$/.test(image)) return null;
  if (digest || image === undefined) return "an image by its digest, …@sha256:…";
  const [, tag] = /:([^/:]+)$/.exec(image) ?? [];
  return latest || (tag !== undefined && tag !== "latest") ? null : "a tag other than latest, or a digest";
}
