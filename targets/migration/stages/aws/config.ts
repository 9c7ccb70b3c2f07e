/** The config of each stack of a migration, made of the foundation's. Pure. @see docs/decisions/0021-stack-roles.md */
import type { Weights } from "../../stage.ts";
import type { Layout, SideStack } from "./layout.ts";
import type { StackConfig } from "./ports.ts";

const key = (name: string): string => `cryptotracker:${name}`;

/** By hand: a floor under scaling, or the count with scaling paused. */
export type Replicas = Readonly<Record<string, { readonly atLeast: number } | { readonly exactly: number }>>;

/** A side as it shall be: with what the foundation's stack is set to, so that both sides run the same. */
export function sideConfig(
  base: StackConfig,
  { foundation }: Layout,
  side: SideStack,
  replicas: Replicas,
): StackConfig {
  const common = without(base, "target", "replicas", "foundation");
  return {
    // A stack's secrets are encrypted for it alone, and belong to the foundation.
    ...(side.own ? common : withoutSecrets(common)),
    ...(side.own ? {} : { [key("foundation")]: foundation }),
    [key("target")]: side.side,
    ...(Object.keys(replicas).length > 0 ? { [key("replicas")]: replicas } : {}),
  };
}

/** The foundation alone. */
export function settledConfig(base: StackConfig): StackConfig {
  return { ...without(base, "replicas"), [key("target")]: "none" };
}

/** Weights over both sides, or, with one alone, for good. */
export function trafficConfig(base: StackConfig, { foundation, from, to }: Layout, weights: Weights): StackConfig {
  const named = [from, to].filter(({ side }) => side in weights);
  return {
    ...("aws:region" in base ? { "aws:region": base["aws:region"] } : {}),
    [key("foundation")]: foundation,
    [key("sides")]: Object.fromEntries(named.map(({ side, stack }) => [side, stack])),
    [key("traffic")]: Object.fromEntries(named.map(({ side }) => [side, weights[side] ?? 0])),
  };
}

export function replicasIn(config: StackConfig | null): Replicas {
  const found = config?.[key("replicas")];
  return isMap(found)
    ? (Object.fromEntries(Object.entries(found).filter(([, value]) => isMap(value))) as Replicas)
    : {};
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function without(config: StackConfig, ...settings: readonly string[]): StackConfig {
  const keys = new Set(settings.map(key));
  return Object.fromEntries(Object.entries(config).filter(([name]) => !keys.has(name)));
}

function withoutSecrets(config: StackConfig): StackConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !hasSecret(value)));
}

function hasSecret(value: unknown): boolean {
  return isMap(value) && ("secure" in value || Object.values(value).some(hasSecret));
}
