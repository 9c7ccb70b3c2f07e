/** The whole pack over a whole graph, without an engine: the same rules, configuration, exemptions and levels. */
import type { EnforcementLevel } from "@pulumi/policy";
import { ConfigError, settle, type Exemption } from "./config.ts";
import { levelOf } from "./enforcement.ts";
import type { Finding } from "./finding.ts";
import type { Resource } from "./given.ts";
import { graphOf } from "./graph.ts";
import { described } from "./pack.ts";
import type { Checked, Violation } from "./report.ts";
import type { ResourceRule, Rule, StackRule } from "./rule.ts";
import { message, verdict, WHOLE_STACK, type Verdict } from "./verdict.ts";

/** A stack's configuration file, in the engine's own form: rule → level, or level and parameters. */
export type PackConfig = Readonly<Record<string, EnforcementLevel | Readonly<Record<string, unknown>>>>;

export interface Given {
  /** As resource rules see them, by what the program asks for. */
  readonly asked: readonly Resource[];
  /** As stack rules see them, by what a provider answers. */
  readonly made: readonly Resource[];
  readonly config: PackConfig;
  /** `2026-11-30` */
  readonly today: string;
}

/** @throws ConfigError when a rule's configuration is not as its schema wants it */
export function check(group: string, rule: Rule, given: Given): Checked {
  const { level, properties } = configOf(rule, given.config);
  const { parameters, exemptions } = settle(rule, properties);
  const base = {
    rule: rule.name,
    group,
    description: described(rule),
    severity: rule.severity,
    level,
  };
  if (level === "disabled") return { ...base, checked: 0, unknown: [], violations: [], exempt: [] };
  const all =
    rule.scope === "stack" ? ofStack(rule, given, parameters, exemptions) : ofEach(rule, given, parameters, exemptions);
  return {
    ...base,
    checked: all.checked,
    unknown: all.verdicts.flatMap(({ unknown }) => unknown),
    violations: all.verdicts.flatMap(({ violations }) => violations.map((finding) => violation(rule, finding, level))),
    exempt: all.verdicts.flatMap(({ exempt }) =>
      exempt.map(({ finding, exemption }) => ({ ...violation(rule, finding, level), ...exemption })),
    ),
  };
}

/** Before anything is judged. A name with a slip in it would switch nothing on. @throws ConfigError naming every problem */
export function refuseBadConfig(config: PackConfig, rules: readonly Rule[]): void {
  for (const rule of rules) settle(rule, configOf(rule, config).properties);
  const names = new Set(["all", ...rules.map(({ name }) => name)]);
  const strange = Object.keys(config).filter((name) => !names.has(name));
  if (strange.length > 0) throw new ConfigError(`configuration of rules that there are not: ${strange.join(", ")}`);
}

interface Judged {
  readonly checked: number;
  readonly verdicts: readonly Verdict[];
}

function ofEach(
  rule: ResourceRule,
  { asked, today }: Given,
  parameters: unknown,
  exemptions: readonly Exemption[],
): Judged {
  const types = new Set(rule.types);
  const subjects = asked.filter(({ type }) => types.has(type));
  const verdicts = subjects.map((resource) => {
    const { violations, ...rest } = verdict(rule.judge(resource, parameters), exemptions, today);
    return { ...rest, violations: violations.map((finding) => ({ on: resource, ...finding })) };
  });
  return { checked: subjects.length, verdicts };
}

function ofStack(
  rule: StackRule,
  { made, today }: Given,
  parameters: unknown,
  exemptions: readonly Exemption[],
): Judged {
  const types = new Set(rule.types);
  return {
    checked: made.filter(({ type }) => types.has(type)).length,
    verdicts: [verdict(rule.judge(graphOf(made), parameters), exemptions, today)],
  };
}

function violation(rule: Rule, finding: Finding, level: EnforcementLevel): Violation {
  return {
    rule: rule.name,
    resource: finding.on?.name ?? WHOLE_STACK,
    type: finding.on?.type ?? "",
    urn: finding.on?.urn ?? "",
    at: finding.at,
    found: finding.found === undefined ? "nothing" : String(finding.found),
    allowed: finding.allowed,
    remedy: rule.remedy,
    message: message(finding, rule.remedy),
    level,
  };
}

function configOf(rule: Rule, config: PackConfig): { level: EnforcementLevel; properties: object } {
  const own = config[rule.name] ?? config["all"];
  if (own === undefined) return { level: levelOf(rule, "prod"), properties: {} };
  if (typeof own === "string") return { level: own, properties: {} };
  const { enforcementLevel, ...properties } = own;
  return { level: (enforcementLevel as EnforcementLevel | undefined) ?? levelOf(rule, "prod"), properties };
}
