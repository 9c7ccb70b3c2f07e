/** Variables of two containers, one by one: a value is only ever shown when it looks like no secret. */
import { isDeepStrictEqual } from "node:util";
import type { SecretBehaviour } from "../../platform/model/behaviour.ts";
import { shownVariable } from "./hide.ts";
import { valueOr, type Container } from "./seen.ts";
import type { Finding } from "./verdict.ts";

type Variable = { readonly value: string } | { readonly secret: SecretBehaviour } | { readonly elsewhere: string };

export function compareVariables(
  at: Pick<Finding, "workload" | "container">,
  ecs: Container,
  kubernetes: Container,
): readonly Finding[] {
  const [left, right] = [variablesOf(ecs), variablesOf(kubernetes)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().map((name): Finding => {
    const [a, b] = [left.get(name), right.get(name)];
    const secret = [a, b].some((each) => each && "secret" in each);
    const field = `${secret ? "secrets" : "env"}.${name}`;
    return { ...at, field, ecs: shown(name, a), kubernetes: shown(name, b), ...verdictOf(a, b, ecs, kubernetes) };
  });
}

function variablesOf({ seen, elsewhere }: Container): ReadonlyMap<string, Variable> {
  return new Map<string, Variable>([
    ...Object.entries(valueOr(seen.env, {})).map(([name, value]) => [name, { value }] as const),
    ...Object.entries(valueOr(seen.secrets, {})).map(([name, secret]) => [name, { secret }] as const),
    ...[...elsewhere].map(([name, where]) => [name, { elsewhere: where }] as const),
  ]);
}

function verdictOf(
  a: Variable | undefined,
  b: Variable | undefined,
  ecs: Container,
  kubernetes: Container,
): Pick<Finding, "verdict" | "because"> {
  if (a === undefined || b === undefined) {
    const more = a === undefined ? ecs.moreEnv : kubernetes.moreEnv;
    return more === null ? { verdict: "missing" } : { verdict: "untold", because: `it may come with ${more}` };
  }
  for (const each of [a, b]) if ("elsewhere" in each) return { verdict: "untold", because: each.elsewhere };
  if (isDeepStrictEqual(a, b)) return { verdict: "agrees" };
  if ("secret" in a && "secret" in b) {
    return { verdict: "untold", because: "both are secrets, and no file says that the one is a copy of the other" };
  }
  return { verdict: "differs" };
}

function shown(name: string, variable: Variable | undefined): unknown {
  if (variable === undefined) return null;
  if ("value" in variable) return shownVariable(name, variable.value);
  return "secret" in variable ? variable.secret : ELSEWHERE;
}

const ELSEWHERE = "(elsewhere)";
