/** Whether a container image is one and the same at each start. */
import { z } from "zod";

const imageRules = z.strictObject({
  digest: z.boolean().default(true).describe("Only a digest will do"),
  latest: z.boolean().default(false).describe("The tag latest will do"),
});
type ImageRules = z.infer<typeof imageRules>;

/** What every target's rule about images says alike. */
export const imageRule = {
  description: "A container's image is one and the same at each start.",
  severity: "medium",
  remedy: "Name a tag other than latest or, better, the digest.",
  parameters: imageRules,
} as const;

/** What would do instead; null when it is in order. */
export function imageProblem(image: string | undefined, { digest, latest }: ImageRules): string | null {
  if (image !== undefined && /@sha256:[0-9a-f]{64}$/.test(image)) return null;
  if (digest || image === undefined) return "an image by its digest, …@sha256:…";
  const [, tag] = /:([^/:]+)$/.exec(image) ?? [];
  return latest || (tag !== undefined && tag !== "latest") ? null : "a tag other than latest, or a digest";
}
