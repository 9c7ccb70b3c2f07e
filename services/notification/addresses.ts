import { BlockList, isIP } from "node:net";

/** @source IANA IPv4 Special-Purpose Address Registry, and multicast and class E, read 2026-11 */
const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Link-local: the metadata services of instances, tasks and pods are here.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Of IPv6 only global unicast is public. That leaves out mapped and translated IPv4, fc00::/7 and fe80::/10. */
const PUBLIC_V6 = ["2000::", 3] as const;
/** @source IANA IPv6 Special-Purpose Address Registry, those within 2000::/3 */
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  // Protocol assignments, Teredo among them, which holds an IPv4 address.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4, which holds one too.
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const refusedV4 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V4) refusedV4.addSubnet(net, prefix, "ipv4");
const refusedV6 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V6) refusedV6.addSubnet(net, prefix, "ipv6");
const globalV6 = new BlockList();
globalV6.addSubnet(PUBLIC_V6[0], PUBLIC_V6[1], "ipv6");

/** Whether an address belongs to the open internet. What is no address, or has a zone, does not. */
export function isPublic(address: string): boolean {
  if (address.includes("%")) return false;
  switch (isIP(address)) {
    case 4:
      return !refusedV4.check(address, "ipv4");
    case 6:
      return globalV6.check(address, "ipv6") && !refusedV6.check(address, "ipv6");
    default:
      return false;
  }
}
