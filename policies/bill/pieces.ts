/** What costs by the piece, whatever it is used for: ways in and out, keys, secrets, zones, firewalls, alarms. */
import type * as aws from "@pulumi/aws";
import { keys, secrets } from "../data/subjects.ts";
import type { Tell } from "../demand/types.ts";
import { ofType, type Subject } from "../framework/given.ts";
import type { Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { balancers, endpoints, webAcls } from "../network/subjects.ts";
import { alarms, dashboards } from "../observability/subjects.ts";
import { HOURS_PER_MONTH, micros } from "../../targets/cost/money.ts";
import type { PriceBook } from "../../targets/cost/price-book.ts";
import { steady, type Item } from "./types.ts";

const gateways = ofType<aws.ec2.NatGatewayArgs>("aws:ec2/natGateway:NatGateway");
const zones = ofType<aws.route53.ZoneArgs>("aws:route53/zone:Zone");
const addresses = ofType<aws.ec2.EipArgs>("aws:ec2/eip:Eip");
const controlPlanes = ofType<aws.eks.ClusterArgs>("aws:eks/cluster:Cluster");

/** Components whose parts an engine sees and a run without one does not. */
interface Network {
  readonly availabilityZoneNames?: readonly string[];
  readonly natGateways?: { readonly strategy?: "None" | "Single" | "OnePerAz" };
}
const networks: Subject<Network> = { types: ["awsx:ec2:Vpc"], view: (props) => props };
const clusters: Subject<object> = { types: ["eks:index:Cluster"], view: (props) => props };

export const PIECES = [
  ...[gateways, addresses, endpoints, balancers, controlPlanes, keys, secrets, zones, webAcls, alarms, dashboards],
];

export function pieceItems(graph: Graph, { prices }: PriceBook, tell: Tell): readonly Item[] {
  const { network, loadBalancer, secrets: kept, dns, firewall, metrics, eks } = prices;
  const count = <Props, View>(subject: Subject<Props, View>, units: (view: View) => number = () => 1): number =>
    graph.all(subject).reduce((sum, { view }) => sum + (known(() => units(view()), tell) ?? 0), 0);
  const natGateways = count(gateways) || count(networks, gatewaysOf);
  const publicBalancers = count(balancers, ({ internal = false, subnets }) => (internal ? 0 : (subnets ?? []).length));
  const hourly = (name: string, usdPerHour: number, units: number): Item =>
    steady(name, micros(usdPerHour * HOURS_PER_MONTH, units));
  const monthly = (name: string, usd: number, units: number): Item => steady(name, micros(usd, units));
  return [
    hourly("NAT gateways", network.natHour, natGateways),
    hourly("public addresses", network.publicAddressHour, Math.max(count(addresses), natGateways) + publicBalancers),
    hourly("interface endpoints", network.endpointHour, count(endpoints, zonesOf)),
    hourly(
      "load balancers",
      loadBalancer.hour,
      count(balancers, (each) => applicationOnly(each, tell)),
    ),
    hourly("control plane", eks.controlPlaneHour, count(controlPlanes) || count(clusters)),
    monthly("keys", kept.keyMonth, count(keys)),
    monthly("secrets", kept.secretMonth, count(secrets)),
    monthly("hosted zones", dns.zoneMonth, count(zones)),
    monthly("firewalls", firewall.aclMonth, count(webAcls)),
    monthly(
      "firewall rules",
      firewall.ruleMonth,
      count(webAcls, ({ rules = [] }) => rules.length),
    ),
    monthly("alarms", metrics.alarmMonth, count(alarms)),
    monthly("dashboards", metrics.dashboardMonth, count(dashboards)),
  ].filter(({ most }) => most > 0);
}

/** @source Pulumi registry, awsx.ec2.Vpc: a gateway in each zone unless it says otherwise */
function gatewaysOf({ availabilityZoneNames = [], natGateways }: Network): number {
  const { strategy = "OnePerAz" } = natGateways ?? {};
  if (strategy === "OnePerAz") return availabilityZoneNames.length;
  return strategy === "Single" ? 1 : 0;
}

/** An interface in each subnet; gateways to S3 and DynamoDB cost nothing. */
function zonesOf({ vpcEndpointType = "Gateway", subnetIds = [] }: ReturnType<(typeof endpoints)["view"]>): number {
  return vpcEndpointType === "Gateway" ? 0 : subnetIds.length;
}

function applicationOnly({ loadBalancerType = "application" }: ReturnType<(typeof balancers)["view"]>, tell: Tell) {
  if (loadBalancerType !== "application") tell(`the price of a ${loadBalancerType} load balancer`);
  return loadBalancerType === "application" ? 1 : 0;
}
