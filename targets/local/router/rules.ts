/** Which rule decides, and which group it picks: pure but for the table itself. */
import type { IncomingHttpHeaders } from "node:http";
import { RouterError, type Forward, type RuleSpec } from "./types.ts";

/** @source Application Load Balancer guide, "Listener rules": priorities 1–50000, weights 0–999, 5 condition values a rule */
const LIMITS = { priority: 50_000, weight: 999, values: 5 } as const;

interface Rule {
  readonly spec: RuleSpec;
  readonly paths: readonly RegExp[];
  readonly header: { readonly name: string; readonly value: RegExp } | null;
  readonly weights: Map<string, number>;
}

export interface RuleTable {
  add(spec: RuleSpec): void;
  remove(priority: number): void;
  setWeights(priority: number, weights: Readonly<Record<string, number>>): void;
  weights(priority: number): Readonly<Record<string, number>>;
  /** Priorities of the rules that name the group, whatever its weight. */
  naming(group: string): readonly number[];
  list(): readonly RuleSpec[];
  /** The weights of the first rule that matches, or null. `path` without its query. */
  match(path: string, headers: IncomingHttpHeaders): ReadonlyMap<string, number> | null;
}

export function createRuleTable(): RuleTable {
  let rules: readonly Rule[] = [];
  const find = (priority: number): Rule => {
    const rule = rules.find(({ spec }) => spec.priority === priority);
    if (!rule) throw new RouterError("unknown", `No rule has priority ${priority}`);
    return rule;
  };
  return {
    add: (spec) => {
      checkRule(spec);
      if (rules.some((rule) => rule.spec.priority === spec.priority))
        throw new RouterError("duplicate", `Another rule has priority ${spec.priority}`);
      rules = [...rules, compile(spec)].sort((a, b) => a.spec.priority - b.spec.priority);
    },
    remove: (priority) => {
      const gone = find(priority);
      rules = rules.filter((rule) => rule !== gone);
    },
    setWeights: (priority, weights) => {
      const rule = find(priority);
      for (const [group, weight] of Object.entries(weights)) {
        if (!rule.weights.has(group))
          throw new RouterError("unknown", `Rule ${priority} does not forward to the group ${group}`);
        checkWeight({ group, weight });
      }
      for (const [group, weight] of Object.entries(weights)) rule.weights.set(group, weight);
    },
    weights: (priority) => Object.fromEntries(find(priority).weights),
    naming: (group) => rules.filter(({ weights }) => weights.has(group)).map(({ spec }) => spec.priority),
    list: () =>
      rules.map(({ spec, weights }) => ({
        ...spec,
        forward: [...weights].map(([group, weight]) => ({ group, weight })),
      })),
    match: (path, headers) => {
      for (const rule of rules) if (matches(rule, path, headers)) return rule.weights;
      return null;
    },
  };
}

/** The group that a number 0 ≤ `random` < 1 falls on, or null when the weights sum to 0. */
export function pickGroup(weights: ReadonlyMap<string, number>, random: number): string | null {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  let point = random * sum;
  for (const [group, weight] of weights) {
    if (point < weight) return group;
    point -= weight;
  }
  return null;
}

function matches({ paths, header }: Rule, path: string, headers: IncomingHttpHeaders): boolean {
  if (header) {
    const value = headers[header.name];
    if (typeof value !== "string" || !header.value.test(value)) return false;
  }
  return paths.some((pattern) => pattern.test(path));
}

function compile(spec: RuleSpec): Rule {
  const { header } = spec;
  return {
    spec,
    paths: spec.paths.map((pattern) => wildcard(pattern, "s")),
    header: header ? { name: header.name.toLowerCase(), value: wildcard(header.value, "is") } : null,
    weights: new Map(spec.forward.map(({ group, weight }) => [group, weight])),
  };
}

/** `*` is any text, `?` any one character; everything else means itself. */
function wildcard(pattern: string, flags: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/\*+/g, ".*").replaceAll("?", ".")}$`, flags);
}

function checkRule({ priority, paths, header, forward }: RuleSpec): void {
  if (!Number.isInteger(priority) || priority < 1 || priority > LIMITS.priority)
    throw new RouterError(
      "invalid",
      `A rule's priority is a whole number from 1 to ${LIMITS.priority}, not ${priority}`,
    );
  const values = paths.length + (header ? 1 : 0);
  if (paths.length === 0 || values > LIMITS.values)
    throw new RouterError(
      "invalid",
      `Rule ${priority} has ${values} condition values; an ALB takes 1 to ${LIMITS.values}, a path among them here`,
    );
  if (forward.length === 0) throw new RouterError("invalid", `Rule ${priority} forwards to no group`);
  forward.forEach(checkWeight);
}

function checkWeight({ group, weight }: Forward): void {
  if (!Number.isInteger(weight) || weight < 0 || weight > LIMITS.weight)
    throw new RouterError(
      "invalid",
      `The weight of ${group} is a whole number from 0 to ${LIMITS.weight}, not ${weight}`,
    );
}
