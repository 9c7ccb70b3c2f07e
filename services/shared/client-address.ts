import { isIPv6 } from "node:net";

import type { Express, Request } from "express";

/**
 * Proxies whose X-Forwarded-For is believed, by Express' names for private ranges: the load balancer and API Gateway's
 * link speak from inside the VPC. What a client writes into the header itself stands further left and is not reached.
 */
const OUR_PROXIES = ["loopback", "linklocal", "uniquelocal"];

/** Makes `request.ip` the nearest address outside our own network. */
export function believeOurProxies(app: Express): void {
  app.set("trust proxy", OUR_PROXIES);
}

/**
 * What counts as one client for a limit: an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber
 * gets and may change addresses in.
 */
export function clientNetwork(request: Pick<Request, "ip">): string {
  const address = (request.ip ?? "unknown").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(":")}::/64` : address;
}

/** The eight groups of an IPv6 address, without leading zeros, so that each address has one form. */
function groupsOf(address: string): readonly string[] {
  const [before = "", after] = address.toLowerCase().split("::");
  const left = before === "" ? [] : before.split(":");
  const right = after === undefined || after === "" ? [] : after.split(":");
  const hidden = after === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(hidden).fill("0"), ...right].map((group) => group.replace(/^0+(?=.)/, ""));
}
