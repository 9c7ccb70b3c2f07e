/** Who may talk to whom → a security group for each workload, by reference to the peers' groups. */
import { reachOf, type Opening } from "../../platform/model/reach.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { SecurityGroup } from "../aws/forms.ts";
import { toRule } from "../aws/security-group.ts";
import { family } from "./names.ts";
import { onFargate } from "./sizing.ts";

/** The VPC's resolver, on its fixed link-local address. @source VPC user guide, "DNS attributes", 2026-11 */
const RESOLVER = "169.254.169.253/32";

export function securityGroup(workload: Workload, model: Model): SecurityGroup {
  const { accepts, reaches } = reachOf(workload, model);
  return {
    groupName: family(model.prefix, workload),
    description: `${workload.name}: what its bindings need`,
    ingress: accepts.map(toRule),
    egress: [
      ...withImageLayers(workload, reaches).map(toRule),
      { ipProtocol: "udp", fromPort: 53, toPort: 53, cidrIpv4: RESOLVER },
      { ipProtocol: "tcp", fromPort: 53, toPort: 53, cidrIpv4: RESOLVER },
    ],
  };
}

/** A Fargate task fetches its own image, and the registry keeps the layers in S3; on EC2 the instance does. */
function withImageLayers(workload: Workload, reaches: readonly Opening[]): readonly Opening[] {
  if (!onFargate(workload) || reaches.some(({ peer }) => peer.kind === "s3")) return reaches;
  return [...reaches, { peer: { kind: "s3" }, port: 443 }];
}
