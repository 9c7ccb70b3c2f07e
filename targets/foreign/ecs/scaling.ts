/** Application Auto Scaling of ECS services: describe-scalable-targets and describe-scaling-policies, or our own form. */
import type { ScalingBehaviour } from "../../../platform/model/behaviour.ts";
import { Fields, isRecord } from "../fields.ts";
import type { Log } from "../log.ts";
import type { Piece, Sorted } from "../sort.ts";

/** @source Application Auto Scaling API reference, TargetTrackingScalingPolicyConfiguration: 300 s for ECS, 2026-11 */
const COOLDOWN = 300;

interface Policy {
  readonly metric: string;
  readonly target: number;
  readonly out: number;
  readonly in: number;
}

interface Target {
  readonly service: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly (Policy | null)[];
}

/** By service name; null: no file speaks of scaling. */
export function readScaling({ scaling }: Sorted, log: Log): ReadonlyMap<string, ScalingBehaviour> | null {
  if (!scaling) return null;
  const policies = scaling.policies.flatMap((piece) => readPiece(piece, log, ofPolicy) ?? []);
  const targets = scaling.targets.flatMap((piece) => readPiece(piece, log, ofTarget) ?? []);
  return new Map(
    targets.map(({ service, min, max, policies: own }) => {
      const all = [...own, ...policies.filter((each) => each.service === service).map(({ policy }) => policy)];
      const tracking = all.flatMap((each) => each ?? []);
      const behaviour = {
        min,
        max,
        targets: Object.fromEntries(tracking.map(({ metric, target }) => [metric, target])),
        outCooldown: Math.max(...(tracking.length > 0 ? tracking.map((each) => each.out) : [COOLDOWN])),
        inCooldown: Math.max(...(tracking.length > 0 ? tracking.map((each) => each.in) : [COOLDOWN])),
      };
      return [service, behaviour] as const;
    }),
  );
}

function readPiece<T>({ where, value }: Piece, log: Log, read: (fields: Fields) => T): T | undefined {
  return Fields.read(inCamelCase(value), where, "", log, read);
}

/** This API of AWS prints its names with a capital; ours, as ECS', begin small. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/^[A-Z]/, (first) => first.toLowerCase()),
      inCamelCase(each),
    ]),
  );
}

function ofTarget(fields: Fields): Target {
  const ofService = fields.object("ofService", (service) => {
    service.skip();
    return service.text("serviceName");
  });
  const resource = common(fields);
  fields.aside(
    "how Application Auto Scaling runs",
    "roleARN",
    "creationTime",
    "scalableTargetARN",
    "predictedCapacity",
  );
  fields.object("suspendedState", (state) => {
    const names = ["dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended"];
    for (const name of names) state.unsaid(name, "scaling that is paused", "scaling");
  });
  const policies = fields.list("policies", policy);
  return {
    service: ofService ?? resource,
    min: fields.whole("minCapacity") ?? 0,
    max: fields.whole("maxCapacity") ?? 0,
    policies,
  };
}

function ofPolicy(fields: Fields): { readonly service: string; readonly policy: Policy | null } {
  const service = common(fields);
  fields.aside("how Application Auto Scaling runs", "policyARN", "alarms", "creationTime");
  return { service, policy: policy(fields) };
}

/** `service/<cluster>/<name>` → the name. */
function common(fields: Fields): string {
  fields.aside("what it scales", "serviceNamespace", "scalableDimension");
  return (fields.text("resourceId") ?? "").split("/").at(-1) ?? "";
}

function policy(fields: Fields): Policy | null {
  const name = fields.text("policyName") ?? "";
  if (fields.text("policyType") !== "TargetTrackingScaling") {
    fields.unsaid("stepScalingPolicyConfiguration", "scaling in steps", "scaling");
    fields.unsaid("predictiveScalingPolicyConfiguration", "scaling by forecast", "scaling");
    return null;
  }
  const found = fields.object("targetTrackingScalingPolicyConfiguration", (tracking) => {
    const metric =
      tracking.object("predefinedMetricSpecification", predefined) ??
      metricOf(tracking.raw("customizedMetricSpecification")) ??
      `custom:${name}`;
    tracking.unsaid("disableScaleIn", "growing without shrinking", "scaling");
    return {
      metric,
      target: tracking.number("targetValue") ?? 0,
      out: tracking.whole("scaleOutCooldown") ?? COOLDOWN,
      in: tracking.whole("scaleInCooldown") ?? COOLDOWN,
    };
  });
  return found ?? null;
}

function predefined(fields: Fields): string {
  const type = fields.text("predefinedMetricType") ?? "";
  fields.aside("which load balancer's requests count", "resourceLabel");
  if (type === "ECSServiceAverageCPUUtilization") return "cpu";
  if (type === "ECSServiceAverageMemoryUtilization") return "memory";
  return type === "ALBRequestCountPerTarget" ? "requestsPerTarget" : type;
}

/** A consumer's lag or a queue's depth by its dimensions, wherever in the expression it stands. */
function metricOf(value: unknown): string | undefined {
  const [found] = metricsIn(value).filter(({ namespace }) => namespace === "AWS/Kafka" || namespace === "AWS/SQS");
  if (!found) return undefined;
  const dimension = (name: string): string => found.dimensions.get(name) ?? "";
  if (found.namespace === "AWS/Kafka") return `lag:${dimension("Topic")}:${dimension("Consumer Group")}`;
  const queue = dimension("QueueName");
  return `depth:${/^\$\{queue\.([^}]+)\.name\}$/.exec(queue)?.[1] ?? queue}`;
}

interface Metric {
  readonly namespace: string;
  readonly dimensions: ReadonlyMap<string, string>;
}

function metricsIn(value: unknown): readonly Metric[] {
  if (Array.isArray(value)) return value.flatMap(metricsIn);
  if (!isRecord(value)) return [];
  if (typeof value["namespace"] !== "string") return Object.values(value).flatMap(metricsIn);
  const dimensions = Array.isArray(value["dimensions"]) ? value["dimensions"].filter(isRecord) : [];
  return [
    {
      namespace: value["namespace"],
      dimensions: new Map(dimensions.map((each) => [String(each["name"]), String(each["value"])])),
    },
  ];
}
