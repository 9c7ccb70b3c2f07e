/** Calls a policy as the engine does: defaults of its configuration filled in, properties guarded. */
import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { packOf } from "../../../policies/framework/pack.ts";
import type { Rule } from "../../../policies/framework/rule.ts";
import type { Made } from "../../../policies/fixtures.ts";
import { guarded } from "./props.ts";

export const TODAY = "2026-11-30";
export const NAME = "api";

const OPTIONS: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

const no = (): never => {
  throw new Error("not applicable");
};

/** What the engine adds to a configuration: the schema's defaults. */
function configured(policy: { configSchema?: { properties: Record<string, { default?: unknown }> } }, config: object) {
  const defaults = Object.entries(policy.configSchema?.properties ?? {}).flatMap(
    ([name, schema]): [string, unknown][] => (schema.default === undefined ? [] : [[name, schema.default]]),
  );
  const whole = { ...Object.fromEntries(defaults), ...config };
  return <T extends object>(): T => whole as T;
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::cryptotracker::${type}::${name}`;
}

function argsOf(type: string, props: object, policy: ResourceValidationPolicy, config: object) {
  return {
    type,
    props: guarded(props),
    urn: urnOf(type, NAME),
    name: NAME,
    opts: OPTIONS,
    stackTags: new Map<string, string>(),
    isType: () => false,
    asType: () => undefined,
    getConfig: configured(policy, config),
    notApplicable: no,
  };
}

function policyOf(rule: Rule) {
  const [policy] = packOf([rule], () => TODAY).policies;
  if (!policy) throw new Error(`${rule.name} makes no policy.`);
  return policy;
}

/** The messages about one resource. */
export async function judgeResource(rule: Rule, type: string, props: object, config: object = {}): Promise<string[]> {
  const policy = policyOf(rule) as ResourceValidationPolicy;
  const { validateResource } = policy;
  const messages: string[] = [];
  for (const validate of validateResource === undefined ? [] : [validateResource].flat()) {
    await validate(argsOf(type, props, policy, config), (message) => messages.push(message));
  }
  return messages;
}

/** What remediation makes of one resource; undefined where it leaves it alone. */
export async function mendResource(rule: Rule, type: string, props: object, config: object = {}) {
  const policy = policyOf(rule) as ResourceValidationPolicy;
  return policy.remediateResource?.(argsOf(type, props, policy, config));
}

/** The messages about a whole stack. */
export async function judgeStack(rule: Rule, stack: readonly Made[], config: object = {}): Promise<string[]> {
  const policy = policyOf(rule) as StackValidationPolicy;
  const resources = stack.map(({ type, name, props }): PolicyResource => ({
    type,
    props: guarded(props),
    urn: urnOf(type, name),
    name,
    opts: OPTIONS,
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  }));
  for (const [index, { from = {} }] of stack.entries()) {
    const resource = resources[index];
    if (!resource) continue;
    for (const [property, names] of Object.entries(from)) {
      resource.propertyDependencies[property] = resources.filter(({ name }) => names.includes(name));
    }
  }
  const messages: string[] = [];
  const args = {
    resources,
    stackTags: new Map<string, string>(),
    getConfig: configured(policy, config),
    notApplicable: no,
  };
  await policy.validateStack(args, (message) => messages.push(message));
  return messages;
}
