/** A stack's settings → its pack configuration, in the form that `pulumi preview --policy-pack-config` takes. */
import { cryptotracker } from "../../platform/cryptotracker.ts";
import type { Settings } from "../../platform/settings.ts";
import type { PackConfig } from "../framework/check.ts";
import { ConfigError, settle } from "../framework/config.ts";
import { levelOf } from "../framework/enforcement.ts";
import type { Rule } from "../framework/rule.ts";

/** Namespaces of operators that reach for their node: the device plugin hands out its GPUs. */
const OPERATORS = ["nvidia-device-plugin"];

/** Secrets that one rotation writes together: the database's alternating users, and the token inside the cache's URL. */
const WRITTEN_BY = { "database-app-a": "database-url", "database-app-b": "database-url", "redis-token": "redis-url" };

const HTTPS = 443;

/** Every rule, so that the file says all there is to know. @throws ConfigError naming what is of no rule, or no good */
export function configFor(rules: readonly Rule[], settings: Settings): PackConfig {
  refuseStrangers(rules, settings);
  return Object.fromEntries(rules.map((rule) => [rule.name, configOf(rule, settings)]));
}

function configOf(rule: Rule, settings: Settings): PackConfig[string] {
  const { policy, profile } = settings;
  const enforcementLevel = policy.levels[rule.name] ?? levelOf(rule, profile, policy.remediation);
  const exemptions = policy.exemptions
    .filter((each) => each.rule === rule.name)
    .map(({ resource, reason, until }) => ({ resource, reason, until }));
  const properties = { ...parametersOf(rule, settings), ...(exemptions.length > 0 ? { exemptions } : {}) };
  settle(rule, properties);
  return Object.keys(properties).length > 0 ? { enforcementLevel, ...properties } : enforcementLevel;
}

/** What a rule takes from the settings, by its name. A rule that is not here keeps its own defaults. */
function parametersOf({ name }: Rule, settings: Settings): object {
  const { limits, images, logRetentionDays, profile, region } = settings;
  const { vcpu, memoryGiB, gpus, pods, storageGiB, replica, service, services, machines, monthlyUsd } = limits;
  switch (name) {
    case "limits-replica-size":
      return { every: replica };
    case "limits-service-desired":
    case "limits-service-worst-case":
      return { every: service, services };
    case "limits-stack-desired":
    case "limits-stack-worst-case":
      return { vcpu, memoryGiB, gpus, replicas: pods };
    case "limits-machines-worst-case":
      return machines;
    case "stack-monthly-cost":
      return { ...monthlyUsd, region };
    case "limits-stack-storage":
      return storageGiB === undefined ? {} : { storageGiB };
    case "ecs-container-image":
    case "kubernetes-image":
      return { digest: images.pinned, latest: !images.pinned };
    case "kubernetes-namespace-standard":
      return { operators: OPERATORS };
    case "logs-retention":
      return { leastDays: logRetentionDays };
    case "network-egress-internet":
      return { ports: internetPorts(settings) };
    case "secrets-rotated":
      return { writtenBy: WRITTEN_BY };
    case "cost-nat-gateways":
      return { most: profile === "prod" ? 3 : 1 };
    case "eks-endpoint":
      return { ranges: profile !== "prod" };
    default:
      return {};
  }
}

/** What bindings to the internet ask for, and HTTPS: agents and controllers call AWS APIs that have no endpoint here. */
function internetPorts(settings: Settings): readonly number[] {
  const bound = cryptotracker(settings).workloads.flatMap(({ uses }) =>
    uses.flatMap((binding) => ("ports" in binding ? binding.ports : [])),
  );
  return [...new Set([HTTPS, ...bound])].sort((a, b) => a - b);
}

function refuseStrangers(rules: readonly Rule[], { policy, stack }: Settings): void {
  const names = new Set(rules.map(({ name }) => name));
  const strange = [
    ...Object.keys(policy.levels).map((name) => ["levels", name] as const),
    ...policy.exemptions.map(({ rule }) => ["exemptions", rule] as const),
  ].filter(([, name]) => !names.has(name));
  if (strange.length === 0) return;
  const lines = strange.map(
    ([where, name]) => `settings.policy.${where}: there is no rule ${JSON.stringify(name)} (stack ${stack})`,
  );
  throw new ConfigError(lines.join("\n"));
}
