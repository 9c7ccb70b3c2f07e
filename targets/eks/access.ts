/** From where a cluster's API may be asked. */
import type { Problem } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";

/** A wider range is no fence: two of /1 are the whole internet. */
const WIDEST_MASK = 8;

export function accessProblems({ profile, eks }: Settings): readonly Problem[] {
  const path = "settings.eks.publicAccessCidrs";
  const { publicAccessCidrs } = eks;
  const tooWide = publicAccessCidrs.flatMap((cidr, index) =>
    Number(cidr.split("/")[1]) < WIDEST_MASK
      ? [
          {
            code: "cluster-open",
            path: `${path}.${index}`,
            found: cidr,
            allowed: `a range of /${WIDEST_MASK} or narrower: the networks that you work from`,
          },
        ]
      : [],
  );
  if (profile !== "prod" || publicAccessCidrs.length === 0) return tooWide;
  const allowed = "none in prod: its API answers inside the VPC alone";
  return [...tooWide, { code: "cluster-public", path, found: publicAccessCidrs.join(", "), allowed }];
}
