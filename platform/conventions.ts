/** Choices of ours that hold for every workload, whatever runs it. A compiler reads them here and nowhere else. */

/** Numeric, because Kubernetes cannot judge whether a user *name* is root. The image creates this user. */
export const RUN_AS_USER = 10001;

/** The one writable path beside a read-only root. */
export const TEMPORARY_PATH = "/tmp";
export const TEMPORARY_SIZE_MIB = 64;

/** What Fargate gives when nothing is said. @source AWS docs, "Fargate task ephemeral storage", 2026-11 */
export const DEFAULT_EPHEMERAL_GIB = 20;

/** Prefix of our own label and attribute names; `.internal` is reserved for private use, so it clashes with nobody's. */
export const LABEL_DOMAIN = "cryptotracker.internal";

/** The seed's: `/ecs/cryptotracker-api`, whichever platform writes to it. */
export function logGroup(project: string, slug: string): string {
  return `/ecs/${project}-${slug}`;
}

/** Sends one request to the side that its secret value names, whatever the weights. */
export const TRIAL_HEADER = "x-cryptotracker-trial";

/** `cryptotracker-gpu-a10g-spot`: capacity that is bought alike is one pool, on either platform. */
export function poolName(
  hardware: { readonly pool: string; readonly gpu?: string },
  purchase: "onDemand" | "spot",
): string {
  return [hardware.pool, ...(hardware.gpu ? [hardware.gpu] : []), ...(purchase === "spot" ? ["spot"] : [])].join("-");
}
