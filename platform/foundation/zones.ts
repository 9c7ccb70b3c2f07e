/** Three availability zones, asked for before anything is registered. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export type Zones = readonly [string, string, string];

/**
 * Zones that are full: neither API Gateway's VPC links nor an EKS control plane goes there.
 * @source API Gateway developer guide, "VPC links"; EKS user guide, "Subnet requirements", 2026-11
 */
const UNFIT = ["use1-az3", "usw1-az2", "cac1-az3"] as const;

/** @throws pulumi.RunError `region-zones` where the region has fewer than three */
export async function threeZones(region: string): Promise<Zones> {
  const { names } = await aws.getAvailabilityZones({
    state: "available",
    // Local and wavelength zones have no NAT, RDS or MSK.
    filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    excludeZoneIds: [...UNFIT],
  });
  const [first, second, third] = [...names].sort();
  if (first === undefined || second === undefined || third === undefined) {
    throw new pulumi.RunError(
      `region-zones  aws:region: found ${region} with ${names.length} zones; allowed: a region with three or more`,
    );
  }
  return [first, second, third];
}
