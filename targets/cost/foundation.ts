/** What both targets share besides the stores: ways in and out, keys and secrets, and the web application firewall. */
import type { Model } from "../../platform/model/types.ts";
import type { Inventory } from "./inventory.ts";
import { allMonth, fixed, HOURS_PER_MONTH, micros, sum, used, type Monthly } from "./money.ts";
import type { Kind, Part } from "./parts.ts";
import type { PriceBook } from "./price-book.ts";

export function foundationParts(model: Model, inventory: Inventory, book: PriceBook): readonly Part[] {
  return [...networkParts(inventory, book), ...edgeParts(model, inventory, book), ...securityParts(inventory, book)];
}

/** By the piece alone. */
function counted(kind: Kind, name: string, monthly: Monthly): Part {
  return { name, kind, estimated: false, monthly };
}

/** By use too, which is assumed. */
function estimated(kind: Kind, name: string, ...monthly: readonly Monthly[]): Part {
  return { name, kind, estimated: true, monthly: sum(monthly) };
}

function networkParts(
  { natGateways, endpointZones, publicAddresses }: Inventory,
  { prices, assumptions }: PriceBook,
): readonly Part[] {
  const { natHour, natGb, endpointHour, endpointGb, publicAddressHour } = prices.network;
  return [
    estimated("network", "NAT gateways", fixed(allMonth(natHour, natGateways)), used(natGb, assumptions.natGb)),
    estimated(
      "network",
      "interface endpoints",
      fixed(allMonth(endpointHour, endpointZones)),
      used(endpointGb, assumptions.endpointGb),
    ),
    counted("network", "public addresses", fixed(allMonth(publicAddressHour, publicAddresses))),
  ];
}

function edgeParts(model: Model, { loadBalancers }: Inventory, { prices, assumptions }: PriceBook): readonly Part[] {
  const { loadBalancer, api, site, network } = prices;
  return [
    estimated(
      "edge",
      "load balancers",
      fixed(allMonth(loadBalancer.hour, loadBalancers)),
      used(loadBalancer.capacityUnitHour * HOURS_PER_MONTH, assumptions.capacityUnits),
      used(network.outGb, assumptions.outGb),
    ),
    estimated("edge", "API Gateway", used(api.millionRequests, assumptions.millionRequests)),
    ...(model.sites.length === 0
      ? []
      : [
          estimated(
            "edge",
            "sites",
            used(site.outGb, assumptions.siteGb),
            used(site.millionRequests, assumptions.siteMillionRequests),
          ),
        ]),
  ];
}

function securityParts(
  { keys, secrets, hostedZones, firewalls, firewallRules }: Inventory,
  { prices, assumptions }: PriceBook,
): readonly Part[] {
  const { firewall } = prices;
  return [
    counted("security", "keys", fixed(micros(prices.secrets.keyMonth, keys))),
    counted("security", "secrets", fixed(micros(prices.secrets.secretMonth, secrets))),
    counted("security", "hosted zones", fixed(micros(prices.dns.zoneMonth, hostedZones))),
    ...(firewalls === 0
      ? []
      : [
          estimated(
            "security",
            "web application firewall",
            fixed(micros(firewall.aclMonth, firewalls) + micros(firewall.ruleMonth, firewallRules)),
            used(firewall.millionRequests, assumptions.millionRequests),
          ),
        ]),
  ];
}
