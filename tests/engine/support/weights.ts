/** What the listeners do with a request, read from the stand-in's rules as a load balancer reads them. */
import type { Thing } from "./cloud.ts";

interface Rule {
  readonly priority: number;
  readonly conditions: readonly {
    readonly pathPattern?: { readonly values: readonly string[] };
    readonly httpHeader?: object;
  }[];
  readonly actions: readonly {
    readonly targetGroupArn?: string;
    readonly forward?: { readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[] };
  }[];
}

/**
 * Path → target group's name → weight, of the first rule for each path that asks for no header. A path that none
 * leads away from is absent: the listener answers 404.
 */
export function shares(things: readonly Thing[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const rules = things
    .filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule")
    .map(({ properties }) => properties as unknown)
    .filter(isRule)
    .filter(({ conditions }) => conditions.every(({ httpHeader }) => httpHeader === undefined))
    .sort((a, b) => b.priority - a.priority);
  // The first of a listener comes last here and so has the last word.
  return Object.fromEntries(rules.flatMap((rule) => pathsOf(rule).map((path) => [path, targetsOf(rule)])));
}

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "priority" in value && "conditions" in value;
}

function pathsOf({ conditions }: Rule): readonly string[] {
  return conditions.flatMap(({ pathPattern }) => pathPattern?.values ?? []);
}

function targetsOf({ actions }: Rule): Readonly<Record<string, number>> {
  const targets = actions.flatMap(
    ({ forward, targetGroupArn }) => forward?.targetGroups ?? [{ arn: targetGroupArn ?? "", weight: 100 }],
  );
  return Object.fromEntries(targets.map(({ arn, weight }) => [arn.split("/").at(-1) ?? arn, weight]));
}
