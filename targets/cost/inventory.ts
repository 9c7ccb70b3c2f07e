/**
 * How many there are of what the foundation makes and AWS bills by the piece. The program makes them; a contract test
 * runs it and counts.
 */
import { sizesOf, type Sizes } from "../../platform/foundation/sizes.ts";
import type { Model, Store } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";

export interface Inventory {
  readonly sizes: Sizes;
  readonly natGateways: number;
  /** Interface endpoints, each once in every zone. */
  readonly endpointZones: number;
  readonly loadBalancers: number;
  /** Of NAT gateways, and of the one load balancer that is on the internet. */
  readonly publicAddresses: number;
  readonly keys: number;
  readonly secrets: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly hostedZones: number;
  readonly firewalls: number;
  readonly firewallRules: number;
  readonly brokers: number;
}

/** ecr.api, ecr.dkr, logs, secretsmanager, sns, sqs, sts. */
const INTERFACE_ENDPOINTS = 7;
/** One for WebSockets, one behind API Gateway. */
const LOAD_BALANCERS = 2;
/** Of secrets, and of data. */
const KEYS = 2;
/** The value of the trial header. */
const SECRETS_OF_THE_EDGE = 1;
/** Of the edge and of sites. */
const FIREWALLS = 2;
/** A rate, and three groups that AWS manages. */
const RULES = 4;
/** Errors of each load balancer and of API Gateway. */
const ALARMS_OF_THE_EDGE = LOAD_BALANCERS + 1;
/** Of a routed service: what it answers, and whether it answers. */
const ALARMS_OF_A_ROUTE = 2;
/** The side's own. */
const DASHBOARDS = 1;
/** Names inside the VPC. */
const PRIVATE_ZONES = 1;

/** Owner, two users that take turns, and the URL; token and URL. MSK's clients sign. */
const SECRETS: Readonly<Record<Store["kind"], number>> = { postgres: 4, redis: 2, kafka: 0 };
/** Disk and CPU of what RDS runs. */
const ALARMS: Readonly<Record<Store["kind"], number>> = { postgres: 2, redis: 0, kafka: 0 };

export function inventoryOf(model: Model, settings: Settings): Inventory {
  const sizes = sizesOf(settings);
  const { network } = settings;
  const natGateways = sizes.natGateways === "one" ? 1 : network.public.length;
  const managed = model.stores.filter(({ hosting }) => hosting === "managed");
  const routed = model.workloads.filter((workload) => workload.kind === "service" && workload.route !== undefined);
  const over = (stores: readonly Store[], each: Readonly<Record<Store["kind"], number>>): number =>
    stores.reduce((sum, { kind }) => sum + each[kind], 0);
  const firewalls = sizes.firewall ? FIREWALLS : 0;
  return {
    sizes,
    natGateways,
    endpointZones: INTERFACE_ENDPOINTS * network.private.length,
    loadBalancers: LOAD_BALANCERS,
    publicAddresses: natGateways + network.public.length,
    keys: KEYS,
    secrets: SECRETS_OF_THE_EDGE + model.secrets.length + over(model.stores, SECRETS),
    alarms: ALARMS_OF_THE_EDGE + model.queues.length + over(managed, ALARMS) + routed.length * ALARMS_OF_A_ROUTE,
    dashboards: DASHBOARDS,
    hostedZones: PRIVATE_ZONES + (model.stores.length - managed.length),
    firewalls,
    firewallRules: firewalls * RULES,
    brokers: network.isolated.length,
  };
}
