/** Rules → what the engine's SDK takes. */
import type {
  PolicyPackArgs,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { configSchema, settle } from "./config.ts";
import { levelOf } from "./enforcement.ts";
import type { Resource } from "./given.ts";
import { graphOf } from "./graph.ts";
import type { ResourceRule, Rule, StackRule } from "./rule.ts";
import { dayOf, message, verdict } from "./verdict.ts";

/** Without configuration it is as strict as in prod. @param today for tests: the day on which exemptions are judged */
export function packOf(rules: readonly Rule[], today: () => string = () => dayOf(new Date())): PolicyPackArgs {
  return {
    policies: rules.map((rule) => (rule.scope === "resource" ? resourcePolicy(rule, today) : stackPolicy(rule, today))),
  };
}

function common(rule: Rule) {
  return {
    name: rule.name,
    description: described(rule),
    severity: rule.severity,
    enforcementLevel: levelOf(rule, "prod"),
    remediationSteps: rule.remedy,
    configSchema: configSchema(rule),
  };
}

/** The controls first: whoever searches for `ECS.4` finds it in any output. */
export function described({ controls, description }: Rule): string {
  return controls.length > 0 ? `${controls.join(", ")}: ${description}` : description;
}

function resourcePolicy(rule: ResourceRule, today: () => string): ResourceValidationPolicy {
  const types = new Set(rule.types);
  const { mend } = rule;
  return {
    ...common(rule),
    validateResource: (args, report) => {
      if (!types.has(args.type)) return;
      const { parameters, exemptions } = settle(rule, args.getConfig());
      for (const finding of verdict(rule.judge(fromArgs(args), parameters), exemptions, today()).violations) {
        report(message(finding, rule.remedy));
      }
    },
    ...(mend ? { remediateResource: (args) => remediated(args, rule, mend, today()) } : {}),
  };
}

/** What is exempt stays as it is, and so does what a preview does not know. */
function remediated(
  args: ResourceValidationArgs,
  rule: ResourceRule,
  mend: (props: object) => object,
  today: string,
): object | undefined {
  if (!rule.types.includes(args.type)) return undefined;
  const { parameters, exemptions } = settle(rule, args.getConfig());
  const { violations } = verdict(rule.judge(fromArgs(args), parameters), exemptions, today);
  // Assigned, not copied: a copy would read every property, and a preview does not know them all.
  return violations.length > 0 ? Object.assign(args.props, mend(args.props)) : undefined;
}

function stackPolicy(rule: StackRule, today: () => string): StackValidationPolicy {
  return {
    ...common(rule),
    validateStack: (args, report) => {
      const { parameters, exemptions } = settle(rule, args.getConfig());
      const judgement = rule.judge(graphOf(fromResources(args.resources)), parameters);
      for (const finding of verdict(judgement, exemptions, today()).violations) {
        report(message(finding, rule.remedy), finding.on?.urn);
      }
    },
  };
}

function fromArgs({ urn, type, name, props, opts }: ResourceValidationArgs): Resource {
  return { urn, type, name, props, protect: opts.protect, from: {} };
}

function fromResources(resources: readonly PolicyResource[]): readonly Resource[] {
  const made = new Map<string, { resource: Resource; from: Record<string, readonly Resource[]> }>();
  for (const { urn, type, name, props, opts } of resources) {
    const from: Record<string, readonly Resource[]> = {};
    made.set(urn, { from, resource: { urn, type, name, props, protect: opts.protect, from } });
  }
  for (const { urn, propertyDependencies } of resources) {
    for (const [property, sources] of Object.entries(propertyDependencies)) {
      const entry = made.get(urn);
      if (entry) entry.from[property] = sources.flatMap((source) => made.get(source.urn)?.resource ?? []);
    }
  }
  return [...made.values()].map(({ resource }) => resource);
}
