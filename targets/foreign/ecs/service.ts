/** A service of ECS, as describe-services prints it or create-service takes it. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { isRecord, type Fields } from "../fields.ts";
import { asideOfService } from "./unsaid.ts";

export interface EcsService {
  readonly name: string;
  readonly taskDefinition: string;
  /** null: one on each machine. */
  readonly desired: number | null;
  readonly launchType: string | undefined;
  readonly providers: readonly string[];
  readonly minimumHealthy: number;
  readonly maximum: number;
  readonly rollsBack: boolean;
  /** How it is replaced, where that is not by minimum and maximum. */
  readonly otherRollout: string | null;
  readonly grace: number;
  /** Behind a load balancer: which container, which port. */
  readonly balanced: { readonly container: string; readonly port: number } | null;
  /** Service Connect: the name of a port, and what it is dialled by. */
  readonly aliases: readonly { readonly portName: string; readonly host: string; readonly port: number | undefined }[];
  readonly zones: (fargate: boolean) => Behaviour["zones"];
}

/** @source ECS API reference, DeploymentConfiguration, 2026-11 */
const ROLLOUT = { minimumHealthy: 100, maximum: 200, rollsBack: false, other: null } as const;

interface Rollout {
  readonly minimumHealthy: number;
  readonly maximum: number;
  readonly rollsBack: boolean;
  readonly other: string | null;
}

export function readService(fields: Fields): EcsService {
  const deployments = fields.raw("deployments");
  asideOfService(fields);
  const rollout = fields.object("deploymentConfiguration", deployment) ?? ROLLOUT;
  const controller = fields.object("deploymentController", (each) => each.text("type")) ?? "ECS";
  const daemon = fields.text("schedulingStrategy") === "DAEMON";
  if (daemon) fields.note("unsaid", "schedulingStrategy", "one on each machine", "scaling");
  fields.aside("labels of its owner's", "tags");
  const balancers = fields.list("loadBalancers", loadBalancer);
  if (balancers.length > 1) fields.note("unsaid", "loadBalancers", "a second load balancer", "route");
  const held = fields.list("placementConstraints", zoneConstraint).includes(true);
  const spread = fields.list("placementStrategy", zoneSpread).includes(true);
  const subnets = fields.object("networkConfiguration", (each) => each.object("awsvpcConfiguration", awsvpc)) ?? 0;
  return {
    name: fields.text("serviceName") ?? "",
    taskDefinition: fields.text("taskDefinition") ?? "",
    desired: daemon ? null : (fields.whole("desiredCount") ?? 0),
    launchType: fields.text("launchType"),
    providers: fields.list("capacityProviderStrategy", (each) => {
      each.aside("its share among others", "weight", "base");
      return each.text("capacityProvider") ?? "";
    }),
    minimumHealthy: rollout.minimumHealthy,
    maximum: rollout.maximum,
    rollsBack: rollout.rollsBack,
    otherRollout: controller === "ECS" ? rollout.other : `deployments by ${controller}`,
    grace: fields.whole("healthCheckGracePeriodSeconds") ?? 0,
    balanced: balancers[0] ?? null,
    aliases: fields.object("serviceConnectConfiguration", aliases) ?? deployedAliases(deployments, fields),
    zones: (fargate) => zones({ fargate, held, spread, subnets }),
  };
}

function deployment(fields: Fields): Rollout {
  const strategy = fields.text("strategy") ?? "ROLLING";
  for (const name of ["alarms", "lifecycleHooks", "linearConfiguration", "canaryConfiguration", "earlySuccessCriteria"])
    fields.unsaid(name, "what else decides on a deployment", "rollout");
  fields.aside("waiting after a deployment", "bakeTimeInMinutes");
  const breaker = fields.object("deploymentCircuitBreaker", (each) => {
    each.aside("how many failures open it", "thresholdConfiguration", "resetOnHealthyTask");
    return (each.flag("enable") ?? false) && (each.flag("rollback") ?? false);
  });
  return {
    minimumHealthy: fields.whole("minimumHealthyPercent") ?? ROLLOUT.minimumHealthy,
    maximum: fields.whole("maximumPercent") ?? ROLLOUT.maximum,
    rollsBack: breaker ?? false,
    other: strategy === "ROLLING" ? null : `deployments of the kind ${strategy}`,
  };
}

function loadBalancer(fields: Fields): { readonly container: string; readonly port: number } {
  fields.aside("which target group it is", "targetGroupArn", "loadBalancerName");
  fields.unsaid("advancedConfiguration", "a second target group, for blue and green", "rollout");
  return { container: fields.text("containerName") ?? "", port: fields.whole("containerPort") ?? 0 };
}

function zoneConstraint(fields: Fields): boolean {
  const type = fields.text("type");
  const zone = /^attribute:ecs\.availability-zone == \S+$/.test((fields.text("expression") ?? "").trim());
  if (type === "memberOf" && zone) return true;
  fields.note("unsaid", "", "a constraint on its machines", "compute");
  return false;
}

function zoneSpread(fields: Fields): boolean {
  const [type, field] = [fields.text("type"), fields.text("field")];
  return type === "spread" && field === "attribute:ecs.availability-zone";
}

/** How many subnets it may be in. */
function awsvpc(fields: Fields): number {
  fields.aside("who may talk to it: its security groups' rules are in no file of ECS'", "securityGroups");
  if (fields.text("assignPublicIp") === "ENABLED")
    fields.note("unsaid", "assignPublicIp", "an address of its own on the internet");
  return fields.texts("subnets").length;
}

function aliases(fields: Fields): EcsService["aliases"] {
  fields.aside("how Service Connect runs", "enabled", "namespace", "logConfiguration", "accessLogConfiguration");
  const services = fields.list("services", (service) => {
    const portName = service.text("portName") ?? "";
    const discovery = service.text("discoveryName");
    service.unsaid("timeout", "time-outs of Service Connect's");
    service.unsaid("tls", "TLS of Service Connect's");
    service.aside("a port of its proxy's", "ingressPortOverride");
    const clients = service.list("clientAliases", (alias) => {
      alias.unsaid("testTrafficRules", "rules for test traffic");
      return { portName, host: alias.text("dnsName") ?? discovery ?? portName, port: alias.whole("port") };
    });
    return clients.length > 0 ? clients : [{ portName, host: discovery ?? portName, port: undefined }];
  });
  return services.flat();
}

/** describe-services prints it inside of the deployment that has it. */
function deployedAliases(deployments: unknown, fields: Fields): EcsService["aliases"] {
  const [current] = Array.isArray(deployments) ? deployments.filter(isRecord) : [];
  const configuration = current?.["serviceConnectConfiguration"];
  if (!isRecord(configuration)) return [];
  return fields.nested(configuration, "deployments[0].serviceConnectConfiguration", aliases) ?? [];
}

interface Where {
  readonly fargate: boolean;
  readonly held: boolean;
  readonly spread: boolean;
  readonly subnets: number;
}

/** A task goes where one of its subnets is. Fargate spreads over those by itself; a machine is chosen by strategy. */
function zones({ fargate, held, spread, subnets }: Where): Behaviour["zones"] {
  if (held || (subnets === 1 && fargate)) return "together";
  return (fargate && subnets > 1) || (!fargate && spread && subnets !== 1) ? "spread" : "any";
}
