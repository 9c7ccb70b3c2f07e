/** Who may talk to whom → rules of security groups, by reference to the peers' groups. */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Opening, Peer } from "../../platform/model/reach.ts";
import type { SecurityGroupRule } from "./forms.ts";

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
