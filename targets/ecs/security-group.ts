/** Who may talk to whom → a security group for each workload, by reference to the peers' groups. */
import { placeholder } from "../../platform/model/placeholders.ts";
import { reachOf, type Opening, type Peer } from "../../platform/model/reach.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { SecurityGroup, SecurityGroupRule } from "./forms.ts";
import { family } from "./names.ts";
import { onFargate } from "./sizing.ts";

/** The VPC's resolver, on its fixed link-local address. @source VPC user guide, "DNS attributes", 2026-11 */
const RESOLVER = "169.254.169.253/32";

export function securityGroup(workload: Workload, model: Model): SecurityGroup {
  const { accepts, reaches } = reachOf(workload, model);
  return {
    groupName: family(model.project, workload),
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

/** The peers have a group each, whichever platform they run on. */
export function toRule({ peer, port }: Opening): SecurityGroupRule {
  return { ipProtocol: "tcp", fromPort: port, toPort: port, ...peerOf(peer) };
}

function peerOf(peer: Peer): Partial<SecurityGroupRule> {
  switch (peer.kind) {
    case "edge":
      return { referencedSecurityGroupId: placeholder("securityGroup", "edge", "id") };
    case "workload":
      return { referencedSecurityGroupId: placeholder("securityGroup", `workload-${peer.name}`, "id") };
    case "store":
      return { referencedSecurityGroupId: placeholder("securityGroup", `store-${peer.name}`, "id") };
    case "aws":
      return { referencedSecurityGroupId: placeholder("securityGroup", "endpoints", "id") };
    case "s3":
      return { prefixListId: placeholder("prefixList", "s3", "id") };
    case "internet":
      return { cidrIpv4: "0.0.0.0/0" };
  }
}
