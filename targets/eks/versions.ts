/**
 * Kubernetes versions that a cluster may have. The table speaks for its date, not for today: the same stack compiled
 * twice gives the same bytes, so who compiles asks no clock.
 */
import type { Problem } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";

interface Version {
  readonly version: string;
  /** The day on which standard support ends, UTC; extended support costs six times as much for a cluster and hour. */
  readonly supportedUntil: string;
}

/**
 * In standard support, the newest first.
 * @source EKS user guide, "Understand the Kubernetes version lifecycle on EKS", release calendar, as of 2026-08; of them
 *   1.33 has left standard support on 2026-07-29. Read 2026-11
 */
export const VERSIONS: readonly [Version, ...Version[]] = [
  { version: "1.36", supportedUntil: "2027-08-02" },
  { version: "1.35", supportedUntil: "2027-03-27" },
  { version: "1.34", supportedUntil: "2026-12-02" },
];

/** The stack's own, or the newest. */
export function clusterVersion({ eks }: Settings): string {
  return eks.version ?? VERSIONS[0].version;
}

export function versionProblems(settings: Settings): readonly Problem[] {
  const version = clusterVersion(settings);
  if (VERSIONS.some((each) => each.version === version)) return [];
  const allowed = VERSIONS.map((each) => `${each.version} (until ${each.supportedUntil})`).join(", ");
  return [
    {
      code: "cluster-version",
      path: "settings.eks.version",
      found: version,
      allowed: `one that EKS has in standard support: ${allowed}`,
    },
  ];
}
